"""Messages of libraries and forms of dates and numbers, as a Vietnamese reader meets them."""

import os
from datetime import date

import pytest
from django import forms
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext, ngettext

from config import catalogue


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("That page contains no results", "Trang này không có kết quả"),
        ("Null characters are not allowed.", "Nội dung chứa ký tự rỗng (NUL), không ghi được. Hãy xóa rồi gõ lại."),
        ("access attempts", "lượt thử đăng nhập"),
        ("This field is required.", "Trường này là bắt buộc."),  # Django's own stays
    ],
)
def test_libraries_speak_vietnamese(english, vietnamese):
    assert gettext(english) == vietnamese


def test_plurals_have_one_form():
    assert (
        ngettext("Please submit %d or more forms.", "Please submit %d or more forms.", 2) == "Hãy gửi ít nhất %d dòng."
    )


def test_a_short_password_is_refused_in_vietnamese(settings):
    with pytest.raises(ValidationError, match="cần ít nhất 12 ký tự"):
        validate_password("Xy7-k", password_validators=get_password_validators(settings.AUTH_PASSWORD_VALIDATORS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("05/03/1990", date(1990, 3, 5)),
        ("25/12/1990", date(1990, 12, 25)),
        ("5-3-1990", date(1990, 3, 5)),
        ("1990-03-05", date(1990, 3, 5)),
    ],
)
def test_dates_are_read_day_first(typed, meant):
    assert forms.DateField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["30/02/2024", "05/03/90", "03/25/1990"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValidationError):
        forms.DateField().clean(typed)


def test_numbers_and_dates_are_written_the_vietnamese_way():
    assert formats.number_format(7894) == "7.894"
    assert formats.number_format("3.5", decimal_pos=2) == "3,50"
    assert formats.date_format(date(2024, 10, 5), "SHORT_DATE_FORMAT") == "05/10/2024"


def test_catalogue_is_compiled_when_it_is_newer(tmp_path, settings):
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n')
    settings.LOCALE_PATHS = [tmp_path]
    catalogue.compile_if_older()
    compiled = folder / "django.mo"
    assert compiled.stat().st_size > 0
    assert list(folder.glob("*.tmp")) == []

    os.utime(compiled, (source.stat().st_mtime + 5,) * 2)
    before = compiled.stat().st_mtime
    catalogue.compile_if_older()
    assert compiled.stat().st_mtime == before
