"""The fields of a form and the answers to them. Pure.

Source: API contract, schemas `field`, `formMessageField`, `formOptions`, `formResponseMessageField`. Each kind of field is its own type,
so that a property which belongs to another kind is dropped like any unknown key.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from domain.decode import Email
from domain.errors import Invalid

MAX_FIELDS = 20
MAX_OPTIONS = 200
DEFAULT_MIN_SIZE = 1
DEFAULT_MAX_SIZE = 128

Name = Annotated[str, Meta(min_length=1, max_length=128)]
AnswerText = Annotated[str, Meta(min_length=1, max_length=256)]
Size = Annotated[int, Meta(ge=1, le=256)]
Format = Literal["integer", "decimal"]

_FORMATS = {"integer": re.compile(r"[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")}


class Option(Struct, frozen=True):
    """One choice of a select field: `label` is shown, `name` identifies it."""

    name: Name
    label: Name


Options = Annotated[tuple[Option, ...], Meta(min_length=1, max_length=MAX_OPTIONS)]


class _Field(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type"):
    name: Name
    label: Name
    placeholder: Name | None = None


class TextField(_Field, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="text"):
    """`min_size` and `max_size` bound the length of the answer, in characters. `text` is the answer, once there is one."""

    min_size: Size | None = None
    max_size: Size | None = None
    format: Format | None = None
    text: AnswerText | None = None


class EmailField(_Field, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="email"):
    email: Email | None = None


class SelectField(_Field, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="select"):
    options: Options
    select: Options | None = None


class _Answer(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type"):
    """`quoted_message_id` is the form's message. It is only ever read: answers that are sent or stored do not have it."""

    name: Name
    label: Name
    quoted_message_id: Name | None = None


class TextAnswer(_Answer, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="text"):
    text: AnswerText
    format: Format | None = None


class EmailAnswer(_Answer, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="email"):
    email: Email


class SelectAnswer(_Answer, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="select"):
    select: Options


FormField = TextField | EmailField | SelectField
Answer = TextAnswer | EmailAnswer | SelectAnswer


def check_fields(fields: tuple[FormField, ...], prefix: str) -> None:
    """The rules of a form that its types cannot express. Raises Invalid."""
    _check_unique([field.name for field in fields], prefix)
    for i, field in enumerate(fields):
        if isinstance(field, SelectField):
            _check_unique([option.name for option in field.options], f"{prefix}[{i}].options")
        if isinstance(field, TextField):
            shortest, longest = _sizes(field)
            if shortest > longest:
                raise Invalid(f"{prefix}[{i}].minSize", f"must not exceed maxSize, which is {longest}")
            if field.text is not None:
                _check_format(field.text, field.format, f"{prefix}[{i}].text")


def with_default_sizes(fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
    """The same fields, with the sizes that a text field has when nothing is said."""
    return tuple(_with_sizes(field) if isinstance(field, TextField) else field for field in fields)


def check_answers(answers: tuple[Answer, ...], prefix: str) -> None:
    """The rules of answers taken by themselves, without the form they answer. Raises Invalid."""
    _check_unique([answer.name for answer in answers], prefix)
    if len({answer.quoted_message_id for answer in answers} - {None}) > 1:
        raise Invalid(prefix, "must all answer the same form")
    for i, answer in enumerate(answers):
        if isinstance(answer, TextAnswer):
            _check_format(answer.text, answer.format, f"{prefix}[{i}].text")


def check_answers_fit(fields: tuple[FormField, ...], answers: tuple[Answer, ...], prefix: str = "content.fields") -> None:
    """Answers against the form they answer: known names, the same kinds, sizes, formats and offered options. Raises Invalid."""
    asked = {field.name: field for field in fields}
    for i, answer in enumerate(answers):
        path = f"{prefix}[{i}]"
        match asked.get(answer.name), answer:
            case TextField() as field, TextAnswer(text=text):
                shortest, longest = _sizes(field)
                if not shortest <= len(text) <= longest:
                    raise Invalid(f"{path}.text", f"must have {shortest} to {longest} characters")
                _check_format(text, field.format, f"{path}.text")
            case SelectField() as field, SelectAnswer(select=chosen):
                if not {option.name for option in chosen} <= {option.name for option in field.options}:
                    raise Invalid(f"{path}.select", "must be among the options of the form")
            case EmailField(), EmailAnswer():
                pass
            case None, _:
                raise Invalid(f"{path}.name", "is not a field of the form")
            case _:
                raise Invalid(f"{path}.type", "is not the type of this field in the form")


def answers_text(answers: tuple[Answer, ...]) -> str:
    """One line for each answer: its label and its value."""
    return "\n".join(f"{answer.label}: {_value(answer)}" for answer in answers)


def answer_values(answers: tuple[Answer, ...]) -> dict[str, str]:
    """Each answer's value by the name of its field; of a choice, the names of what was chosen."""
    return {answer.name: _name_or_value(answer) for answer in answers}


def without_quotes(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The answers without the form's message id, as they are sent and stored."""
    return tuple(msgspec.structs.replace(answer, quoted_message_id=None) for answer in answers)


def _value(answer: Answer) -> str:
    match answer:
        case TextAnswer():
            return answer.text
        case EmailAnswer():
            return answer.email
        case SelectAnswer():
            return ", ".join(option.label for option in answer.select)


def _name_or_value(answer: Answer) -> str:
    return ", ".join(option.name for option in answer.select) if isinstance(answer, SelectAnswer) else _value(answer)


def _sizes(field: TextField) -> tuple[int, int]:
    return field.min_size or DEFAULT_MIN_SIZE, field.max_size or DEFAULT_MAX_SIZE


def _with_sizes(field: TextField) -> TextField:
    shortest, longest = _sizes(field)
    return msgspec.structs.replace(field, min_size=shortest, max_size=longest)


def _check_unique(names: list[str], path: str) -> None:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            raise Invalid(f"{path}[{i}].name", "is already the name of another one")
        seen.add(name)


def _check_format(text: str, expected: Format | None, path: str) -> None:
    if expected is not None and not _FORMATS[expected].fullmatch(text):
        raise Invalid(path, f"must be a number of the format {expected}")
