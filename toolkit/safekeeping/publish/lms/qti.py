"""QTI 1.2: the archive that Canvas reads, and the questions of a Common Cartridge, which knows fewer types.

The shape of an archive for Canvas follows what text2qti writes, and Canvas's own exporter (matching).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...library import Course, Library
from ...records import Module
from .archive import zipped
from .question import Choice, Essay, Match, Question, Quiz, quizzes, refuse_empty
from .tree import Element, element, given, guide, html, written

XSI = "http://www.w3.org/2001/XMLSchema-instance"
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
RESPONSE, GENERAL = "response1", "general_fb"
FULL = 100.0  # points of a question inside QTI; a platform scales them


def made(
    library: Library, where: Course, modules: Sequence[Module], made_from: str, *, instructor: bool = False
) -> bytes:
    """The archive; parameters and errors as for `question.quizzes`, and WrongCall if no part has such questions."""
    every = quizzes(library, modules, instructor=instructor)
    refuse_empty(every, modules, instructor=instructor)
    words, course = library.words("lms"), library.course()
    title = words["test_course" if instructor else "course"].format(title=course["title"])
    files = {"imsmanifest.xml": written(_manifest(every, title, words["rights"]))}
    for quiz in every:
        files[f"{quiz.ident}/{quiz.ident}.xml"] = written(assessment(quiz))
        files[f"{quiz.ident}/assessment_meta.xml"] = written(_settings(quiz))
    return zipped(files, made_from)


def assessment(quiz: Quiz, *, cartridge: bool = False) -> Element:
    """One quiz. ``cartridge``: in the profile of Common Cartridge 1.3, where matching is one choice a row."""
    fields = {"cc_maxattempts": "1" if quiz.once else "unlimited"}
    note: list[Element] = []
    schema = f"{QTI} http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd"
    if cartridge:
        fields = {
            "cc_profile": "cc.exam.v0p1",
            "qmd_assessmenttype": "Examination",
            "qmd_scoretype": "Percentage",
        } | fields
        note = [element("presentation_material", element("flow_mat", _material(html(quiz.intro))))]
        schema = f"{QTI} http://www.imsglobal.org/profile/cc/ccv1p3/ccv1p3_qtiasiv1p2p1_v1p0.xsd"
    items = (one for question in quiz.questions for one in _items(question, cartridge=cartridge))
    inside = element("assessment", _fields(fields), *note, element("section", *items, ident="root_section"))
    inside.attrib |= {"ident": quiz.ident, "title": quiz.title}
    return given("questestinterop", {"xmlns": QTI, "xmlns:xsi": XSI, "xsi:schemaLocation": schema}, inside)


def _items(one: Question, *, cartridge: bool) -> Iterator[Element]:
    if cartridge and isinstance(one, Match):
        yield from (_item(row, cartridge=True) for row in one.choices())
    else:
        yield _item(one, cartridge=cartridge)


def _item(one: Question, *, cartridge: bool) -> Element:
    parts = _choice(one) if isinstance(one, Choice) else _match(one) if isinstance(one, Match) else _essay(one)
    fields = _cartridge_fields(one) if cartridge else _canvas_fields(one)
    return element("item", element("itemmetadata", _fields(fields)), *parts, ident=one.ident, title=one.item)


def _cartridge_fields(one: Question) -> dict[str, str]:
    if isinstance(one, Essay):
        return {"cc_profile": "cc.essay.v0p1", "qmd_scoringpermitted": "Yes", "qmd_computerscored": "No"}
    return {"cc_profile": "cc.multiple_choice.v0p1"}


def _canvas_fields(one: Question) -> dict[str, str]:
    kind, answers = "essay_question", []
    if isinstance(one, Choice):
        kind, answers = "multiple_choice_question", [_ident(answer.id) for answer in one.answers]
    elif isinstance(one, Match):
        kind, answers = "matching_question", [_ident(row.id) for row in one.rows]
    return {
        "question_type": kind,
        "points_possible": _points(one),
        "original_answer_ids": ",".join(answers),
        "assessment_question_identifierref": f"{one.ident}.bank",
    }


def _points(one: Question) -> str:
    return "0" if isinstance(one, Essay) else "1"  # practice marks no free text


def _choice(one: Choice) -> Iterator[Element]:
    labels = (element("response_label", _material(html([a.text])), ident=_ident(a.id)) for a in one.answers)
    choices = element("response_lid", element("render_choice", *labels), ident=RESPONSE, rcardinality="Single")
    yield element("presentation", _material(html(one.stem)), choices)
    told = [answer for answer in one.answers if answer.feedback]
    yield element(
        "resprocessing",
        _outcomes(),
        *(_when(_equal(answer.id), _shows(f"{_ident(answer.id)}_fb"), goes_on=True) for answer in told),
        *(_when(_equal(answer.id), _scores("Set", FULL)) for answer in one.answers if answer.right),
    )
    for answer in told:
        yield _feedback(f"{_ident(answer.id)}_fb", html([answer.feedback]))


def _match(one: Match) -> Iterator[Element]:
    rows = []
    for row in one.rows:
        labels = (
            element("response_label", _material(text, kind="text/plain"), ident=_ident(id))
            for id, text in one.labels.items()
        )
        material = _material(row.text, kind="text/plain")
        rows.append(
            element(
                "response_lid",
                material,
                element("render_choice", *labels),
                ident=f"response_{_ident(row.id)}",
                rcardinality="Single",
            )
        )
    yield element("presentation", _material(html(one.stem)), *rows)
    share = FULL / len(one.rows)
    right = (
        _when(_equal(row.label, f"response_{_ident(row.id)}"), _scores("Add", share), goes_on=True) for row in one.rows
    )
    yield element("resprocessing", _outcomes(), _when(element("other"), _shows(GENERAL), goes_on=True), *right)
    yield _feedback(GENERAL, html(one.feedback))


def _essay(one: Essay) -> Iterator[Element]:
    label = element("response_label", ident="answer1", rshuffle="No")
    field = element("response_str", element("render_fib", label), ident=RESPONSE, rcardinality="Single")
    yield element("presentation", _material(html(one.stem)), field)
    shown = [_when(element("other"), _shows(GENERAL), goes_on=True)] if one.guide else []
    yield element("resprocessing", _outcomes(), *shown, _when(element("other")))
    if one.guide:
        yield _feedback(GENERAL, guide(one.guide))


# --- the words of the format -----------------------------------------------------------------------------------------


def _ident(id: str) -> str:
    """An answer's own id, under a name that neither ``general_fb`` nor the profile's ``solution`` can be."""
    return f"a-{id}"


def _fields(values: dict[str, str]) -> Element:
    rows = (element("qtimetadatafield", element("fieldlabel", k), element("fieldentry", v)) for k, v in values.items())
    return element("qtimetadata", *rows)


def _material(text: str, kind: str = "text/html") -> Element:
    return element("material", element("mattext", text, texttype=kind))


def _outcomes() -> Element:
    bounds = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    return element("outcomes", given("decvar", bounds))


def _when(condition: Element, *then: Element, goes_on: bool = False) -> Element:
    return given("respcondition", {"continue": "Yes" if goes_on else "No"}, element("conditionvar", condition), *then)


def _equal(id: str, response: str = RESPONSE) -> Element:
    return element("varequal", _ident(id), respident=response)


def _scores(action: str, points: float) -> Element:
    return element("setvar", f"{points:g}" if action == "Set" else f"{points:.2f}", action=action, varname="SCORE")


def _shows(ident: str) -> Element:
    return element("displayfeedback", feedbacktype="Response", linkrefid=ident)


def _feedback(ident: str, text: str) -> Element:
    return element("itemfeedback", element("flow_mat", _material(text)), ident=ident)


# --- the archive for Canvas ------------------------------------------------------------------------------------------


def _settings(quiz: Quiz) -> Element:
    """What Canvas calls the quiz and how it behaves: no grade; see `Quiz.once` for how often, and what is shown."""
    values = {
        "title": quiz.title,
        "description": html(quiz.intro),
        "shuffle_answers": "false",
        "scoring_policy": "keep_highest",
        "hide_results": "always" if quiz.once else "",
        "quiz_type": "practice_quiz",
        "points_possible": str(sum(float(_points(one)) for one in quiz.questions)),
        "show_correct_answers": "false" if quiz.once else "true",
        "anonymous_submissions": "false",
        "could_be_locked": "false",
        "allowed_attempts": "1" if quiz.once else "-1",
        "one_question_at_a_time": "false",
        "cant_go_back": "false",
        "available": "false",
        "one_time_results": "false",
        "show_correct_answers_last_attempt": "false",
        "only_visible_to_overrides": "false",
        "module_locked": "false",
    }
    schema = f"{CANVAS} https://canvas.instructure.com/xsd/cccv1p0.xsd"
    attributes = {"identifier": quiz.ident, "xmlns": CANVAS, "xmlns:xsi": XSI, "xsi:schemaLocation": schema}
    return given("quiz", attributes, *(element(tag, text) for tag, text in values.items()))


def _manifest(every: Iterable[Quiz], title: str, rights: str) -> Element:
    imsmd, imscp = "http://www.imsglobal.org/xsd/imsmd_v1p2", "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
    attributes = {"identifier": "sk-questions", "xmlns": imscp, "xmlns:imsmd": imsmd, "xmlns:xsi": XSI}
    lom = element(
        "imsmd:lom",
        element("imsmd:general", element("imsmd:title", element("imsmd:string", title))),
        element("imsmd:rights", element("imsmd:description", element("imsmd:string", rights))),
    )
    resources = []
    for quiz in every:
        file, settings = f"{quiz.ident}/{quiz.ident}.xml", f"{quiz.ident}/assessment_meta.xml"
        needs = element("dependency", identifierref=f"{quiz.ident}.meta")
        kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        resources += [
            element("resource", element("file", href=file), needs, identifier=quiz.ident, type="imsqti_xmlv1p2"),
            element(
                "resource", element("file", href=settings), identifier=f"{quiz.ident}.meta", type=kind, href=settings
            ),
        ]
    metadata = element("metadata", element("schema", "IMS Content"), element("schemaversion", "1.1.3"), lom)
    return given("manifest", attributes, metadata, element("organizations"), element("resources", *resources))
