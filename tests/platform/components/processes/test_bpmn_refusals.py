"""What is not run is refused when the file is loaded: element, line, reason and remedy, all at once."""

from __future__ import annotations

import re

import pytest

from city1361.platform.components.processes.decisions import compile_process, compile_processes
from city1361.platform.components.processes.definition import Compiled
from city1361.platform.components.processes.terms import Finding, ProcessRefused
from tests.platform.components.processes.drawn import draw, flows

ENDS = '<startEvent id="s"/><endEvent id="e"/>'
TASK = '<userTask id="a"/>'
GO = "s -> a; a -> e"
TOP = '<message id="m" name="go"/><error id="x" errorCode="E1"/>'


def refused(body: str, ways: str = GO, *, top: str = "", more: str = "", **given: object) -> tuple[Finding, ...]:
    with pytest.raises(ProcessRefused) as caught:
        compile_process(draw(body + flows(ways), top=top, more=more), **given)  # type: ignore[arg-type]
    findings = caught.value.findings
    assert all(one.message and one.remedy for one in findings)
    return findings


def codes(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.element, one.code) for one in found]


def test_the_plain_file_is_accepted() -> None:
    compile_process(draw(ENDS + TASK + flows(GO)))


@pytest.mark.parametrize(
    ("node", "word"),
    [
        ('<scriptTask id="a"><script>print(1)</script></scriptTask>', "never executed|not run"),
        ('<task id="a"/>', "who does it"),
        ('<businessRuleTask id="a"/>', "rule tasks"),
        ('<inclusiveGateway id="a"/>', "inclusive"),
        ('<complexGateway id="a"/>', "complex"),
        ('<transaction id="a"/>', "transactions"),
        ('<adHocSubProcess id="a"/>', "ad-hoc"),
        ('<callChoreography id="a"/>', "not run"),
        ('<somethingElse id="a"/>', "not run"),
        ('<intermediateThrowEvent id="a"><signalEventDefinition/></intermediateThrowEvent>', "signals"),
        ('<intermediateThrowEvent id="a"><compensateEventDefinition/></intermediateThrowEvent>', "compensation"),
        ('<intermediateThrowEvent id="a"><escalationEventDefinition/></intermediateThrowEvent>', "escalations"),
        ('<intermediateThrowEvent id="a"><linkEventDefinition/></intermediateThrowEvent>', "links"),
        ('<intermediateCatchEvent id="a"><conditionalEventDefinition/></intermediateCatchEvent>', "conditional"),
        ('<userTask id="a"><ioSpecification/></userTask>', "not run"),
        ('<userTask id="a"><dataInputAssociation/></userTask>', "not run"),
        ('<dataObject id="d"/><userTask id="a"/>', "not run"),
    ],
)
def test_an_element_that_is_not_run_is_refused(node: str, word: str) -> None:
    found = refused(ENDS + "\n" + node)
    mine = [one for one in found if one.code == "refused"]
    assert mine
    assert mine[0].element in ("a", "d")
    assert mine[0].line == 5
    assert any(part in f"{mine[0].message} {mine[0].remedy}" for part in word.split("|"))


@pytest.mark.parametrize(
    ("node", "code"),
    [
        ('<userTask id="a" isForCompensation="true"/>', "refused_attribute"),
        ('<userTask id="a" startQuantity="2"/>', "refused_attribute"),
        ('<receiveTask id="a" messageRef="m" instantiate="true"/>', "refused_attribute"),
        ('<userTask id="a" colour="red"/>', "unknown_attribute"),
        ('<userTask id="a" name="' + "x" * 1_001 + '"/>', "too_long"),
        ('<receiveTask id="a"/>', "message"),
        ('<sendTask id="a" messageRef="nobody"/>', "message"),
        ('<serviceTask id="a"/>', "service"),
        ('<callActivity id="a"/>', "call"),
        ('<callActivity id="a" calledElement="nowhere"/>', "call"),
        ('<callActivity id="a" calledElement="p"/>', "call_cycle"),
        ('<intermediateCatchEvent id="a"/>', "trigger"),
        ('<intermediateCatchEvent id="a"><errorEventDefinition/></intermediateCatchEvent>', "trigger"),
        ('<intermediateCatchEvent id="a"><timerEventDefinition/></intermediateCatchEvent>', "timer"),
        ('<intermediateCatchEvent id="a"><timerEventDefinition city:limit="soon"/></intermediateCatchEvent>', "limit"),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>'
            "</intermediateCatchEvent>",
            "refused",
        ),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>soon</timeDuration></timerEventDefinition>'
            "</intermediateCatchEvent>",
            "expression_type",
        ),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeDate>2027-01-01T00:00:00</timeDate>'
            "</timerEventDefinition></intermediateCatchEvent>",
            "timer",
        ),
        (
            '<intermediateCatchEvent id="a"><messageEventDefinition messageRef="m"/><terminateEventDefinition/>'
            "</intermediateCatchEvent>",
            "refused",
        ),
        ('<userTask id="a"><extensionElements><city:task holder="mayor"/></extensionElements></userTask>', "extension"),
        ('<userTask id="a"><extensionElements><city:task steps="A b"/></extensionElements></userTask>', "extension"),
        ('<userTask id="a"><extensionElements><city:task steps="b b"/></extensionElements></userTask>', "extension"),
        ('<userTask id="a"><extensionElements><city:task limit="2 weeks"/></extensionElements></userTask>', "limit"),
        ('<userTask id="a"><extensionElements><city:task run="x"/></extensionElements></userTask>', "extension"),
        ('<userTask id="a"><extensionElements><city:task/><city:task/></extensionElements></userTask>', "extension"),
        ('<userTask id="a"><extensionElements><city:run/></extensionElements></userTask>', "unknown_extension"),
        (
            '<manualTask id="a"><extensionElements><city:service name="b"/></extensionElements></manualTask>',
            "extension",
        ),
        (
            '<userTask id="a"><extensionElements><city:output target="n" source="1"/></extensionElements></userTask>',
            "output",
        ),
        ('<userTask id="a" city:limit="rules:x"/>', "unknown_extension"),
        ('<userTask id="a"><city:task/></userTask>', "unknown_extension"),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>PT1H<script>x</script></timeDuration>'
            "</timerEventDefinition></intermediateCatchEvent>",
            "refused",
        ),
        (
            '<intermediateCatchEvent id="a"><messageEventDefinition messageRef="m"><operationRef/></messageEventDefinition>'
            "</intermediateCatchEvent>",
            "refused",
        ),
        ('<subProcess id="a" triggeredByEvent="true"/>', "refused_attribute"),
        ('<subProcess id="a"/>', "start"),
    ],
)
def test_an_element_that_says_something_wrong_is_refused(node: str, code: str) -> None:
    assert ("a", code) in codes(refused(ENDS + node, top=TOP))


@pytest.mark.parametrize(
    ("body", "ways", "element", "code"),
    [
        ('<endEvent id="e"/><userTask id="a"/>', "a -> e", "p", "start"),
        ('<startEvent id="s"/><userTask id="a"/>', "s -> a", "p", "no_end"),
        (ENDS + '<startEvent id="z"/>' + TASK, "s -> a; z -> a; a -> e", "p", "start"),
        (ENDS + TASK, "s -> a", "a", "no_way_out"),
        (ENDS + TASK + '<userTask id="b"/>', "s -> a; a -> e; b -> e", "b", "no_way_in"),
        (ENDS + TASK + '<userTask id="b"/><userTask id="c"/>', "s -> a; a -> e; b -> c; c -> b", "b", "unreachable"),
        (ENDS + TASK, "s -> a; a -> e; a -> s", "s", "way_in"),
        (ENDS + TASK, "s -> a; a -> e; e -> a", "e", "way_out"),
        (ENDS + TASK, "s -> a; a -> e; a -> nowhere", "a_nowhere", "loose_flow"),
        (ENDS + TASK, "s -> a; a -> e: true", "a_e", "condition"),
        (ENDS + '<exclusiveGateway id="a"/><userTask id="b"/>', "s -> a; a -> e; a -> b: 1 > 2; b -> e", "a_e", "condition"),
        (ENDS + '<exclusiveGateway id="a" default="s_a"/>', GO, "a", "default"),
        (ENDS + '<userTask id="a" default="a_e"/>', GO, "a", "default"),
        (ENDS + '<exclusiveGateway id="a" default="a_e"/>' + '<userTask id="b"/>', "s -> a; a -> e: 1 > 2; a -> b: 1 > 2; b -> e", "a_e", "condition"),
        (ENDS + '<eventBasedGateway id="a"/>', GO, "a", "event_gateway"),
        (ENDS + '<eventBasedGateway id="g"/><userTask id="a"/><userTask id="b"/>', "s -> g; g -> a; g -> b; a -> e; b -> e", "a", "event_gateway"),
        (ENDS + TASK + '<boundaryEvent id="t" attachedToRef="s"><timerEventDefinition city:limit="rules:x"/></boundaryEvent>', "s -> a; a -> e; t -> e", "t", "boundary"),
        (ENDS + TASK + '<boundaryEvent id="t" attachedToRef="a"/>', "s -> a; a -> e; t -> e", "t", "trigger"),
        (ENDS + TASK + '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><errorEventDefinition/></boundaryEvent>', "s -> a; a -> e; t -> e", "t", "boundary"),
        (ENDS + '<exclusiveGateway id="g" default="g_h"/><exclusiveGateway id="h" default="h_g"/>', "s -> g; g -> h; h -> g; g -> e: 1 > 2; h -> e: 1 > 2", "g", "endless"),
        (ENDS + '<subProcess id="a"><startEvent id="i"/><endEvent id="j"/></subProcess>', "s -> a; a -> e; i -> j; i -> e", "i_e", "crossing"),
        (ENDS + TASK + '<userTask id="a"/>', GO, "a", "id"),
    ],
)  # fmt: skip
def test_a_drawing_that_makes_no_process_is_refused(body: str, ways: str, element: str, code: str) -> None:
    assert (element, code) in codes(refused(body, ways))


@pytest.mark.parametrize(
    ("more", "node"),
    [
        ('xmlns:v="http://camunda.org/schema/1.0/bpmn"', '<userTask id="a" v:assignee="x"/>'),
        ('xmlns:v="http://camunda.org/schema/1.0/bpmn"', '<userTask id="a" v:expression="${x.run()}"/>'),
        ('xmlns:v="http://camunda.org/schema/zeebe/1.0"', '<userTask id="a"><extensionElements><v:script/></extensionElements></userTask>'),
        ('xmlns:v="http://spiffworkflow.org/bpmn/schema/1.0/core"', '<userTask id="a"><extensionElements><v:preScript>x = 1</v:preScript></extensionElements></userTask>'),
        ('xmlns:v="http://flowable.org/bpmn"', '<serviceTask id="a" v:class="org.Evil"/>'),
        ('xmlns:v="urn:unknown"', '<userTask id="a"><extensionElements><v:executionListener/></extensionElements></userTask>'),
        ('xmlns:v="urn:unknown"', '<userTask id="a"><extensionElements><v:note>${7*7}</v:note></extensionElements></userTask>'),
        ('xmlns:v="urn:unknown"', '<userTask id="a" v:title="__import__"/>'),
        ('xmlns:v="urn:unknown"', '<userTask id="a" v:calledDecision="x"/>'),
    ],
)  # fmt: skip
def test_what_another_engine_would_execute_is_refused(more: str, node: str) -> None:
    assert ("a", "vendor") in codes(refused(ENDS + node, more=" " + more))


@pytest.mark.parametrize(
    ("more", "node"),
    [
        ('xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"', '<userTask id="a" bioc:stroke="#000"/>'),
        ('xmlns:v="http://camunda.org/schema/modeler/1.0"', '<userTask id="a" v:executionPlatform="x"/>'),
        ('xmlns:v="urn:unknown"', '<userTask id="a"><documentation>说明</documentation><extensionElements><v:note>看</v:note></extensionElements></userTask>'),
        ('exporter="bpmn-js" exporterVersion="1"', '<textAnnotation id="n"><text>1</text></textAnnotation><association id="o" sourceRef="a" targetRef="n"/><laneSet id="l"/><userTask id="a"/>'),
    ],
)  # fmt: skip
def test_drawing_and_notes_are_left_alone(more: str, node: str) -> None:
    compile_process(draw(ENDS + node + flows(GO), more=" " + more))


@pytest.mark.parametrize(
    ("pattern", "change", "element"),
    [
        ('bpmnElement="a"', 'bpmnElement="b"', "a"),
        ('bpmnElement="s_a"', 'bpmnElement="b"', "s_a"),
        ('(bpmnElement="a"><dc:Bounds x=)"[0-9]+"', r'\1"nan"', "a"),
        ('(bpmnElement="a"><dc:Bounds x=)"[0-9]+"', r'\1"1e300"', "a"),
        ('(bpmnElement="a"><dc:Bounds x=)"[0-9]+"', r'\1"left"', "a"),
        ('(bpmnElement="s_a"><di:waypoint x=)"[0-9]+"', r'\1""', "s_a"),
    ],
)
def test_every_element_must_be_drawn(pattern: str, change: str, element: str) -> None:
    changed, count = re.subn(pattern, change, draw(ENDS + TASK + flows(GO)).decode())
    assert count == 1
    with pytest.raises(ProcessRefused) as caught:
        compile_process(changed.encode())
    assert codes(caught.value.findings) == [(element, "not_drawn")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('isExecutable="true"', 'isExecutable="false"'), "process"),
        (("</process>", '</process><process id="q"/>'), "process"),
        (("</process>", '</process><signal id="q"/>'), "refused"),
        (("</process>", '</process><import location="file:///etc/passwd"/>'), "refused"),
        (("</process>", '</process><collaboration id="c"><messageFlow id="f"/></collaboration>'), "refused"),
        (('<process id="p"', "<process"), "id"),
        (("20100524/MODEL", "20990101/MODEL"), "not_bpmn"),
        (("</definitions>", ""), "not_xml"),
    ],
)
def test_the_file_as_a_whole(change: tuple[str, str], code: str) -> None:
    whole = draw(ENDS + TASK + flows(GO)).decode()
    with pytest.raises(ProcessRefused) as caught:
        compile_process(whole.replace(*change).encode())
    assert code in {one.code for one in caught.value.findings}


def test_conditions_are_typed_when_published() -> None:
    body = ENDS + '<exclusiveGateway id="a" default="a_e"/><userTask id="b"/>'
    found = refused(body, "s -> a; a -> e; a -> b: level > 'x'; b -> e", schema={"level": "int"})
    assert codes(found) == [("a_b", "expression_type")]
    assert "level > 'x'" in found[0].message
    assert codes(refused(body, "s -> a; a -> e; a -> b: lvl > 1; b -> e", schema={"level": "int"})) == [
        ("a_b", "expression_type")
    ]
    assert codes(refused(body, "s -> a; a -> e; a -> b: true; b -> e", schema={"__class__": "int"})) == [
        ("p", "schema")
    ]


def child(key: str, calls: str = "") -> bytes:
    node = f'<callActivity id="a" calledElement="{calls}"/>' if calls else TASK
    return draw(ENDS + node + flows(GO), key=key)


def test_processes_of_one_package_may_call_one_another_but_not_in_a_circle() -> None:
    made = compile_processes(
        {"one": (child("k1", "k2"), {}), "two": (child("k2", "k3"), {}), "three": (child("k3"), {})}
    )
    assert list(made) == ["one", "two", "three"]
    assert len(made["one"].called) == 2
    assert Compiled.from_json(made["one"].to_json()) == made["one"]
    with pytest.raises(ProcessRefused) as caught:
        compile_processes({"one": (child("k1", "k2"), {}), "two": (child("k2", "k1"), {})})
    assert codes(caught.value.findings) == [("a", "call_cycle")]


def test_a_process_that_calls_what_called_it_before_is_refused() -> None:
    """The published version of the other still calls us: publishing would close the circle."""
    first = compile_process(child("k1"))
    second = compile_process(child("k2", "k1"), called=lambda key: first)
    with pytest.raises(ProcessRefused) as caught:
        compile_process(child("k1", "k2"), called=lambda key: second)
    assert codes(caught.value.findings) == [("a", "call_cycle")]


def test_calls_have_a_depth() -> None:
    made = compile_process(child("k0"))
    with pytest.raises(ProcessRefused, match="nested"):
        for number in range(1, 12):
            made = compile_process(child(f"k{number}", f"k{number - 1}"), called=lambda key, below=made: below)
    assert made.key == "k8"


def test_what_is_given_to_a_called_process_is_typed_by_it() -> None:
    inner = compile_process(child("k1"), schema={"who": "string"})
    for mapping, code in (
        ('<city:input target="who" source="n"/>', "expression_type"),
        ('<city:input target="what" source="n"/>', "input"),
        ('<city:output target="n" source="who"/>', "expression_type"),
        ('<city:output target="n" source="n"/>', "expression_type"),
        ('<city:output target="m" source="who"/>', "output"),
    ):
        node = (
            f'<callActivity id="a" calledElement="k1"><extensionElements>{mapping}</extensionElements></callActivity>'
        )
        assert codes(refused(ENDS + node, schema={"n": "int"}, called=lambda key: inner)) == [("a", code)]


def test_findings_end_somewhere() -> None:
    body = ENDS + "".join(f'<scriptTask id="x{number}"/>' for number in range(500))
    assert len(refused(body, "")) == 100


def test_the_digest_changes_with_what_is_run_only() -> None:
    whole = draw(ENDS + TASK + flows(GO))
    one = compile_process(whole)
    assert compile_process(whole).digest == one.digest
    assert compile_process(whole.replace(b'y="100"', b'y="200"')).digest == one.digest
    assert compile_process(whole, schema={"n": "int"}).digest != one.digest
    assert compile_process(whole.replace(b'<userTask id="a"', b'<userTask name="b" id="a"')).digest != one.digest
