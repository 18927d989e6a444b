"""The door of base.ui: registrations and the values that components draw."""

from city1361.base.ui.assets import entry_files, typeface_folder
from city1361.base.ui.finding import FIND, Found, SearchedChoice, words_of
from city1361.base.ui.problem import problem_page, problem_words
from city1361.base.ui.registration import register_identity, register_navigation
from city1361.base.ui.terms import (
    Clock,
    Flow,
    FlowNode,
    Identity,
    NavigationItem,
    PlaceMap,
    Sketch,
    SketchShape,
    TextSize,
    TimelineEntry,
    Tone,
)
from city1361.base.ui.words import moment_words, span_words

__all__ = [
    "FIND",
    "Clock",
    "Flow",
    "FlowNode",
    "Found",
    "Identity",
    "NavigationItem",
    "PlaceMap",
    "SearchedChoice",
    "Sketch",
    "SketchShape",
    "TextSize",
    "TimelineEntry",
    "Tone",
    "entry_files",
    "moment_words",
    "problem_page",
    "problem_words",
    "register_identity",
    "register_navigation",
    "span_words",
    "typeface_folder",
    "words_of",
]
