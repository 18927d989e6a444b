"""One official noun, one English noun: the glossary is whole, and the models speak its words."""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from enum import StrEnum
from pathlib import Path

import yaml
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = yaml.load((ROOT / "GLOSSARY.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
CHINESE = {entry["term"]: entry["zh"] for entry in ENTRIES}


def our_apps() -> list[object]:
    return [config for config in apps.get_app_configs() if config.name.startswith("city1361.")]


def test_each_entry_is_whole_and_each_term_stands_once() -> None:
    for entry in ENTRIES:
        assert set(entry) >= {"term", "zh", "definition", "source"}, entry
    assert [term for term, count in Counter(entry["term"] for entry in ENTRIES).items() if count > 1] == []


def test_models_are_called_what_the_glossary_calls_them() -> None:
    wrong = [
        f"{model._meta.label}: {model._meta.verbose_name} is not GLOSSARY's {CHINESE.get(model.__name__)}"
        for config in our_apps()
        for model in config.get_models()  # type: ignore[attr-defined]
        if CHINESE.get(model.__name__) != str(model._meta.verbose_name)
    ]
    assert wrong == []


def test_modules_have_their_official_name() -> None:
    wrong = [
        f"{config.label}: {config.verbose_name}"  # type: ignore[attr-defined]
        for config in our_apps()
        if CHINESE.get(config.label) != str(config.verbose_name)  # type: ignore[attr-defined]
    ]
    assert wrong == []


def test_public_words_of_every_module_stand_in_the_glossary() -> None:
    missing = []
    for config in our_apps():
        try:
            terms = importlib.import_module(f"{config.name}.terms")  # type: ignore[attr-defined]
        except ModuleNotFoundError:
            continue
        for name, enum in inspect.getmembers(terms, inspect.isclass):
            if not issubclass(enum, StrEnum) or enum.__module__ != terms.__name__:
                continue
            missing += [] if name == "Permission" or name in CHINESE else [name]
            missing += [f"{name}.{word}" for word in enum if str(word.value) not in CHINESE]
    assert missing == []


def test_every_field_has_a_data_class() -> None:
    known = {"public", "internal", "restricted", "sensitive"}
    wrong = []
    for config in our_apps():
        for model in config.get_models():  # type: ignore[attr-defined]
            declared = getattr(model, "DATA", {})
            for field in model._meta.concrete_fields:
                words = declared.get(field.name, "").split()
                if not words or words[0] not in known or words[1:] not in ([], ["personal"]):
                    wrong.append(f"{model._meta.label}.{field.name}")
    assert wrong == []
