"""Where a phone number is, as far as it tells."""


def time_zones_of(number: str) -> str | None:
    """Return the clocks of an E.164 number's country or area, with blanks between; None where it tells none.

    Of a mobile number in a country with several clocks, it is all of them.
    """
    # Not at the top: its tables cost memory that a process which only answers can do without.
    import phonenumbers  # noqa: PLC0415
    from phonenumbers import timezone  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    known = [zone for zone in timezone.time_zones_for_number(parsed) if zone != timezone.UNKNOWN_TIMEZONE]
    return " ".join(known) or None
