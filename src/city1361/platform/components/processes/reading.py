"""XML written by anybody, read so that nothing in it can reach out, run, or use up memory or time."""

from __future__ import annotations

import re

from lxml import etree

from city1361.platform.components.processes.terms import Finding, ProcessRefused

LARGEST = 2_000_000  # bytes
MOST_NODES = 80_000
MOST_ATTRIBUTES = 100_000
MOST_NAMESPACES = 200
MOST_ATTRIBUTES_OF_ONE = 60  # looking one up takes as long as there are others
DEEPEST = 60
FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']{1,40})", re.IGNORECASE)
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def refuse(code: str, message: str, remedy: str, *, element: str = "", line: int = 0) -> ProcessRefused:
    return ProcessRefused((Finding(element, line, code, message, remedy),))


def read(data: bytes) -> etree._Element:
    """The root of the tree; raises ProcessRefused."""
    _look_at_bytes(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = int(error.lineno or 0)
        raise refuse(
            "not_xml", f"the file is not well-formed: {error.msg}"[:300], "Save it again.", line=line
        ) from None
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise refuse("doctype", "the file declares a document type", "Remove the <!DOCTYPE …>.")
    _look_at_nodes(root)
    return root


def _look_at_bytes(data: bytes) -> None:
    if len(data) > LARGEST:
        raise refuse("too_large", f"the file has {len(data)} bytes; {LARGEST} are allowed", "Draw several processes.")
    declared = ENCODING.match(data[:400])
    if b"\0" in data or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise refuse("encoding", "the file is not written in UTF-8", "Save it in UTF-8.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise refuse("encoding", "the file is not written in UTF-8", "Save it in UTF-8.") from None
    if found := FORBIDDEN.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise refuse("doctype", "the file declares a document type or entities", "Remove the <!DOCTYPE …>.", line=line)
    counted = ((b"<", MOST_NODES), (b"=", MOST_ATTRIBUTES), (b"xmlns", MOST_NAMESPACES))
    if any(data.count(sign) > most for sign, most in counted):
        raise refuse("too_many", "the file holds too many elements or attributes", "Draw several processes.")


def _look_at_nodes(root: etree._Element) -> None:
    depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise refuse("too_deep", f"elements are nested more than {DEEPEST} deep", "Flatten it.", line=line_of(node))
        if event == "start" and len(node.attrib) > MOST_ATTRIBUTES_OF_ONE:
            message = f"an element has more than {MOST_ATTRIBUTES_OF_ONE} attributes"
            raise refuse("too_many", message, "Remove what is not needed.", line=line_of(node))


def space(node: etree._Element | str) -> str:
    """The namespace of an element or attribute name."""
    name = node if isinstance(node, str) else str(node.tag)
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def local(node: etree._Element | str) -> str:
    """The name without its namespace."""
    name = node if isinstance(node, str) else str(node.tag)
    return name.rpartition("}")[2]


def line_of(node: etree._Element) -> int:
    return int(node.sourceline or 0)


def text_of(node: etree._Element | None) -> str:
    return (node.text or "").strip() if node is not None else ""
