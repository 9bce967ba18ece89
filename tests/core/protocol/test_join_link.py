"""Join links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.errors import LinkInvalid, LinkNotWhole
from mcgui_core.protocol.join_link import KEY_BYTES, OLD_LINK, UNCHECKED_LINK, JoinLink, new_key


@pytest.mark.parametrize(
    ("text", "host", "port", "key"),
    [
        ("mcgui://127.0.0.1:8888#w.abc", "127.0.0.1", 8888, "w.abc"),
        ("mcgui://lab-3.local:1#k", "lab-3.local", 1, "k"),
        ("mcgui://[fe80::1]:65535#c.x", "fe80::1", 65535, "c.x"),
        ("MCGUI://Lab:8888#Key", "lab", 8888, "Key"),  # the key is what it is, the rest is as in any address
        ("mcgui://lab:8888/#k", "lab", 8888, "k"),
        ("mcgui://lab:8888#a%20b%23c", "lab", 8888, "a b#c"),
        ("mcgui://lab:8888#a:b", "lab", 8888, "a:b"),  # written by hand: what comes after is no fingerprint
        ("mcgui://lab:8888#w.abc:0123456789012345678-_A", "lab", 8888, "w.abc"),
        ("  <mcgui://lab:8888#k>\n", "lab", 8888, "k"),  # as a person pasted it from a mail
        ('"mcgui://lab:8888#k"', "lab", 8888, "k"),
    ],
)
def test_a_link_is_read_as_a_person_pastes_it(text: str, host: str, port: int, key: str) -> None:
    link = JoinLink.parse(text)
    assert (link.host, link.port, link.key) == (host, port, key)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("<>", "it is empty"),
        ("hello", "does not start with mcgui://"),
        ("http://lab:8888#k", "does not start with mcgui://"),
        ("lab:8888#k", "does not start with mcgui://"),
        ("mcgui:lab:8888#k", "names no host"),
        ("mcgui://:8888#k", "names no host"),
        ("mcgui://lab#k", "names no port"),
        ("mcgui://lab:#k", "names no port"),
        ("mcgui://lab:0#k", "port"),
        ("mcgui://lab:many#k", "its port is not a number from 1 to 65535"),
        ("mcgui://lab:70000#k", "its port is not a number from 1 to 65535"),
        ("mcgui://lab:-1#k", "its port is not a number from 1 to 65535"),
        ("mcgui://[fe80::1:8888#k", "it"),
        ("mcgui://lab:8888", "its key, the part after #, is missing"),
        ("mcgui://lab:8888#", "its key, the part after #, is missing"),
    ],
)
def test_what_is_no_link_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(LinkInvalid, match=r"^This is not a join link: .*mcgui://HOST:PORT#KEY") as caught:
        JoinLink.parse(text)
    assert reason in caught.value.reason


@given(st.text())
def test_any_other_text_is_refused_as_a_link(text: str) -> None:
    try:
        link = JoinLink.parse(text)
    except LinkInvalid:
        return
    assert JoinLink.parse(str(link)) == link


@given(
    st.sampled_from(["lab-3", "127.0.0.1", "::1", "fe80::2"]),
    st.integers(1, 65535),
    st.text(min_size=1),
    st.sampled_from(["", "0123456789012345678-_A"]),
)
def test_a_link_is_read_as_it_was_written(host: str, port: int, key: str, fingerprint: str) -> None:
    """Whatever its key: the AUTHKEY of the seed is a text that its user chose."""
    try:
        key.encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair is no text that can be sent
    link = JoinLink(host, port, key, fingerprint)
    assert JoinLink.parse(str(link)) == link


@pytest.mark.parametrize(("kind", "prefix"), [("worker", "w."), ("watch", "v."), ("console", "c.")])
def test_a_key_of_ours_says_what_it_opens(kind: str, prefix: str) -> None:
    key = new_key(kind)  # type: ignore[arg-type]
    assert key.startswith(prefix)
    assert JoinLink("lab", 1, key).kind == kind


def test_any_other_key_opens_everything() -> None:
    for key in ("secret", "worker", "w", "", new_key("any")):
        if not key.startswith(("w.", "v.", "c.")):
            assert JoinLink("lab", 1, key).kind == "any"


def test_keys_are_long_random_and_fit_into_a_link_as_they_are() -> None:
    keys = {new_key("worker") for _ in range(100)}
    assert len(keys) == 100
    assert KEY_BYTES * 8 >= 128
    for key in keys:
        assert len(key) >= KEY_BYTES * 8 / 6
        assert str(JoinLink("lab", 1, key)).endswith(f"#{key}")


def test_only_the_link_itself_shows_the_key() -> None:
    link = JoinLink("fe80::1", 8888, "w.very-secret")
    assert link.address == "[fe80::1]:8888"
    assert JoinLink("lab", 8888, "k").address == "lab:8888"
    for text in (repr(link), f"{[link]}", link.address):
        assert "very-secret" not in text
    assert "worker" in repr(link)


def test_the_error_for_a_bad_link_does_not_repeat_its_key() -> None:
    with pytest.raises(LinkInvalid) as caught:
        JoinLink.parse("mcgui://lab:many#w.very-secret")
    assert "very-secret" not in str(caught.value)
    assert caught.value.__context__ is None or "very-secret" not in str(caught.value.__context__)


WHOLE = JoinLink("192.168.1.20", 8888, "w.Ab3_-9xYz0123456789abcdefGHIJ--4", "0123456789012345678-_A")
TEXT = str(WHOLE)
HEAD, TAIL = TEXT[:45], TEXT[45:]


@pytest.mark.parametrize(
    "pasted",
    [
        f"{HEAD}\n{TAIL}\n",
        f"> {HEAD}\r\n> > {TAIL}\r\n",
        f"{HEAD}=\r\n{TAIL}",
        f"{HEAD} {TAIL}",  # as a field of one line shows a line that was wrapped
        f"{HEAD} > {TAIL}",
        f"{HEAD}\u200b{TAIL}\ufeff",
        f"{TEXT}.",
        f"({TEXT}), today only",
        f"Hello, here it is: {TEXT}\nSee you!",
        f"\u201c{TEXT}\u201d",
        f"\u00ab\u00a0{TEXT}\u00a0\u00bb.",
        f"`{TEXT}`",
        f"[{TEXT}]({TEXT})",
        f'<a href="{TEXT}">{TEXT}</a>',
        TEXT.replace("#", "&#35;").replace(":", "&#x3A;"),
        TEXT.replace("#", "%23"),
        TEXT.replace(":", "%3A").replace("/", "%2F").replace("#", "%23"),
        f"https://safe.example/?url={TEXT.replace(':', '%3A').replace('/', '%2F').replace('#', '%23')}&data=1",
        TEXT.replace("--", "\u2014"),
        TEXT.replace("--", "\u2013").replace("-", "\u2011"),
        TEXT.replace("mcgui", "MCGUI"),
        f"{TEXT} {TEXT}",
    ],
)
def test_a_link_is_read_out_of_what_mails_chats_and_word_processors_made_of_it(pasted: str) -> None:
    assert JoinLink.parse(pasted) == WHOLE
    assert JoinLink.parse(pasted).checked


def test_a_link_of_which_anything_at_its_end_is_missing_is_refused() -> None:
    for length in range(TEXT.index("#") + 2, len(TEXT)):
        for rest in ("", "...", "\u2026"):
            with pytest.raises(LinkNotWhole, match=r"^This link is not whole: .*Copy it again"):
                JoinLink.parse(TEXT[:length] + rest)


@given(st.integers(TEXT.index("/", 8), len(TEXT) - 1), st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"]))
def test_a_link_in_which_one_character_is_another_is_refused(place: int, other: str) -> None:
    changed = TEXT[:place] + other + TEXT[place + 1 :]
    if changed != TEXT:
        with pytest.raises(LinkInvalid):
            JoinLink.parse(changed)


def test_the_host_of_a_link_may_be_changed_by_who_knows_the_master_by_another() -> None:
    assert JoinLink.parse(TEXT.replace("192.168.1.20", "vpn.example.org")).key == WHOLE.key


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (f"mcgui://lab:8888#{WHOLE.key}", OLD_LINK),
        (f"mcgui://lab:8888#{WHOLE.key}.", OLD_LINK),
        (f"mcgui://lab:8888#{WHOLE.key}:{WHOLE.fingerprint}", UNCHECKED_LINK),
        (f"> mcgui://lab:8888#{WHOLE.key[:9]}\n> {WHOLE.key[9:]}:{WHOLE.fingerprint}", UNCHECKED_LINK),
        (TEXT, ""),
    ],
)
def test_links_of_older_versions_are_read_and_say_that_they_are_old(old: str, said: str) -> None:
    link = JoinLink.parse(old)
    assert link.key == WHOLE.key
    assert link.remark == JoinLink.parse(str(link)).remark == said


@pytest.mark.parametrize("old", [f"{WHOLE.key}:{WHOLE.fingerprint[:-1]}", f"{WHOLE.key}:", "w.\u2026", "w.abc..."])
def test_a_part_of_an_old_link_that_cannot_be_whole_is_refused(old: str) -> None:
    with pytest.raises(LinkNotWhole):
        JoinLink.parse(f"mcgui://lab:8888#{old}")
