"""Codes that people pass on: made, written, typed and mistyped."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.outreach.coupons import (
    ALPHABET,
    LENGTH,
    MARK,
    is_coupon,
    make_coupons,
    read_coupon,
    shown_coupon,
    without_coupons,
)

seeds = st.integers(min_value=0, max_value=2**48 - 1)


@given(seeds)
def test_codes_are_read_however_they_are_typed(seed: int) -> None:
    codes = make_coupons(seed, 3)
    assert len(set(codes)) == 3
    for code in codes:
        assert len(code) == LENGTH
        assert not code.isdigit()
        shown = shown_coupon(code)
        for text in (
            shown,
            shown.lower(),
            code,
            f"{code[:3]} {code[3:]}",
            f"ENERGY {shown}",
            f"energy-{shown}!",
        ):
            assert read_coupon(text) == code
        assert read_coupon(shown.replace("L", "1")) == code
        assert is_coupon(f" {shown}. ")
        assert not is_coupon(f"ENERGY {shown}")
        assert without_coupons(f"ENERGY {shown.lower()} thanks") == f"ENERGY {MARK} thanks"
    assert read_coupon(" ".join(map(shown_coupon, codes))) is None


@given(seeds, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_no_slip_makes_another_code(seed: int, place: int, other: int, letter: str) -> None:
    code = make_coupons(seed, 1)[0]
    wrong = f"{code[:place]}{letter}{code[place + 1 :]}"
    swapped = list(code)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    for slip in (wrong, "".join(swapped)):
        assert slip == code or read_coupon(slip) is None


@given(st.text(max_size=60))
def test_whatever_people_write_it_never_fails(text: str) -> None:
    found = read_coupon(text)
    assert found is None or read_coupon(found) == found
    assert read_coupon(without_coupons(text)) is None or found is None


def test_answers_are_no_codes() -> None:
    for text in (
        "0803 555 0100",
        "2345678",
        "234 5678",
        "yes",
        "1",
        "Kitchens",
        "I cook with wood",
        "12/05/2026",
    ):
        assert read_coupon(text) is None
