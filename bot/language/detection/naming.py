"""How detectors name languages."""


def plain(language: str) -> str:
    """Return a language as detectors name it: without region and script, and Filipino as Tagalog."""
    code = language.partition("-")[0]
    return "tl" if code == "fil" else code
