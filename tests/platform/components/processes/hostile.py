"""Files made to crash, hang or exhaust whoever reads them."""

from __future__ import annotations

from tests.platform.components.processes.drawn import BPMN, draw, flows

ENDS = '<startEvent id="s"/><endEvent id="e"/>'
PLAIN = draw(f'{ENDS}<userTask id="a"/>' + flows("s -> a; a -> e"))
HEAD = PLAIN.index(b"<definitions")
OPEN = f'<definitions xmlns="{BPMN}"><process id="p">'
CLOSE = "</process></definitions>"


def _with(prefix: str, inside: str = "") -> bytes:
    """The plain file with something before its root and something in its first task."""
    whole = PLAIN.decode().replace(
        '<userTask id="a"/>', f'<userTask id="a"><documentation>{inside}</documentation></userTask>'
    )
    return whole[:HEAD].encode() + prefix.encode() + whole[HEAD:].encode()


def _laughs() -> str:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE d [<!ENTITY l0 "ha">{lines}]>'


def _chain(count: int, kind: str = "exclusiveGateway") -> bytes:
    names = [f"g{n}" for n in range(count)]
    ways = "; ".join(f"{one} -> {other}" for one, other in zip(["s", *names], [*names, "e"], strict=True))
    return draw(ENDS + "".join(f'<{kind} id="{name}"/>' for name in names) + flows(ways))


def _conditions(count: int, text: str) -> bytes:
    ways = "; ".join(f"g -> a{n}: {text}; a{n} -> e" for n in range(count))
    tasks = "".join(f'<manualTask id="a{n}"/>' for n in range(count))
    return draw(f'{ENDS}<exclusiveGateway id="g" default="g_e"/>{tasks}' + flows(f"s -> g; g -> e; {ways}"))


def corpus() -> dict[str, bytes]:
    """Name → file. Each must be refused; those whose name begins with `fine` must be accepted."""
    attributes = " ".join(f'a{n}="1"' for n in range(90_000))
    spaces = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(60_000))
    return {
        "empty": b"",
        "not xml": b"GIF89a" * 100,
        "zero bytes": PLAIN.replace(b"userTask", b"user\0Task"),
        "billion laughs": _with(_laughs(), "&l9;"),
        "file entity": _with('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        "remote dtd": _with('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/a.dtd">'),
        "parameter entity": _with('<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:9/a"> %x;]>'),
        "small doctype": _with("<!doctype definitions>"),
        "undeclared entity": _with("", "&x;"),
        "utf-16 entity": _with(_laughs(), "&l9;").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "utf-7": PLAIN.replace(b"UTF-8", b"UTF-7"),
        "latin": PLAIN.replace(b"UTF-8", b"latin-1"),
        "broken utf-8": PLAIN.replace(b'id="a"', b'id="\xff"'),
        "10 MB of gateways": (OPEN + '<exclusiveGateway id="g"/>' * 400_000 + CLOSE).encode(),
        "2 MB of gateways": (OPEN + '<exclusiveGateway id="g"/>' * 73_000 + CLOSE).encode(),
        "many small elements": (OPEN + "<a/>" * 79_000 + CLOSE).encode(),
        "many notes": (OPEN + "<documentation/>" * 79_000 + CLOSE).encode(),
        "deep elements": (OPEN + "<subProcess>" * 39_000 + "</subProcess>" * 39_000 + CLOSE).encode(),
        "deep sub-processes": draw('<subProcess id="a">' * 30 + "</subProcess>" * 30),
        "9 sub-processes deep": draw("".join(f'<subProcess id="a{n}">' for n in range(9)) + "</subProcess>" * 9),
        "many attributes": PLAIN.replace(b'<userTask id="a"', f'<userTask id="a" {attributes}'.encode()),
        "many namespaces": PLAIN.replace(b"<process ", f"<process {spaces} ".encode()),
        "long id": PLAIN.replace(b'id="a"', b'id="' + b"a" * 1_500_000 + b'"'),
        "long name": PLAIN.replace(b'<userTask id="a"', b'<userTask name="' + b"a" * 1_500_000 + b'" id="a"'),
        "long tag": PLAIN.replace(b"userTask", b"u" * 1_500_000),
        "too many elements": _chain(2_100, "manualTask"),
        "too many expressions": _conditions(1_990, "1 > 2 && " * 4 + "x"),
        "long conditions": _conditions(300, "x" * 5_000),
        "deep conditions": _conditions(500, "(" * 400 + "x" + ")" * 400),
        "endless gateways": draw(
            ENDS
            + "".join(f'<exclusiveGateway id="g{n}" default="g{n}_g{(n + 1) % 900}"/>' for n in range(900))
            + flows("s -> g0; g7 -> e: 1 > 2; " + "; ".join(f"g{n} -> g{(n + 1) % 900}" for n in range(900)))
        ),
        "many step codes": PLAIN.replace(
            b'<userTask id="a"/>',
            b'<userTask id="a"><extensionElements><city:task steps="' + b"a " * 700_000 + b'"/></extensionElements></userTask>',
        ),
        "long duration": PLAIN.replace(
            b'<userTask id="a"/>',
            b'<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>P' + b"1" * 900_000
            + b"</timeDuration></timerEventDefinition></intermediateCatchEvent>",
        ),
        "truncated": PLAIN[: len(PLAIN) // 2],
        "instruction": _with('<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>', "<?php system('id') ?>").replace(
            b"userTask", b"scriptTask"
        ),
        "include": PLAIN.replace(
            b"</process>", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
            b"<scriptTask id='z'/></process>",
        ),
        "fine and plain": PLAIN,
        "fine and long": _chain(1_900, "manualTask"),
        "fine and wide": _conditions(900, "1 > 2"),
        "fine comments": PLAIN.replace(b"</process>", b"<!--" + b"x" * 1_500_000 + b"--></process>"),
    }  # fmt: skip
