"""The file itself: refuse what is no workbook or unsafe, and find the cells whose value cannot be believed.

Readers give a formula without a cached value, and an error such as #N/A, as an empty cell. So the XML of
each sheet is looked through once, in pieces, before anything is read.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

#: Unpacked, a workbook of 500.000 rows by 25 columns is about half of this.
LARGEST_BYTES = 1_500_000_000
#: A sheet packs about 10 to 1, many equal rows 100 to 1; a bomb 1000 to 1.
LARGEST_RATIO = 250
BELIEVED_BYTES = 50_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PIECE = 1 << 20
#: where a member's own header says how long its name and its extra field are; the packed bytes follow those
_LENGTHS_AT, _LENGTHS = 26, struct.Struct("<HH")
_LONGEST_ROW = 1 << 24
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

_FAR = re.compile(rb"""\br=["'](?:[A-Za-z]{3}\d|[B-Zb-z][A-Za-z]\d|[A-Za-z]{0,2}(?:[5-9]\d{4}|\d{6}))""")
# A cell that is not empty: its attributes, and its inside up to the next cell.
_CELL = re.compile(rb"<(?:\w+:)?c((?:\s[^>]*?)?)(?<!/)>([^<]*(?:<(?!/?(?:\w+:)?c[\s/>])[^<]*)*)</(?:\w+:)?c>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_ADDRESS = re.compile(rb"""\br=["']\$?([A-Za-z]{1,3})\$?(\d{1,7})["']""")
_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")

NO_VALUE = "công thức chưa có kết quả lưu trong tệp; mở tệp bằng Excel, tính lại rồi lưu, hoặc ghi thẳng giá trị."
BROKEN = "công thức cho kết quả lỗi (như #N/A, #REF!); sửa công thức hoặc ghi thẳng giá trị."
_DAMAGED = "Tệp bị hỏng hoặc bị cắt dở; mở bằng Excel, lưu lại rồi thử lần nữa."


class UnusableFile(Exception):
    """The file cannot be imported at all; the text says why and what to do, in Vietnamese."""


@dataclass
class Part:
    """What was seen of one worksheet: cells not to be believed, by address, and whether it is far-flung."""

    flaws: dict[str, str] = field(default_factory=dict)
    far: bool = False


@dataclass
class Contents:
    """The worksheets of a sound workbook by title, and whether it carries macros."""

    parts: dict[str, Part]
    macros: bool


def inspect(path: Path) -> Contents:
    """Look through the workbook at `path`; `UnusableFile` if it is none, is locked, cut, or a bomb."""
    _check_start(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            _check_truth(path, archive)
            titles = _worksheets(archive)
            parts = {title: _look_through(archive, member) for title, member in titles.items()}
            macros = any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        struct.error,
        ElementTree.ParseError,
    ):
        raise UnusableFile(_DAMAGED) from None
    return Contents(parts, macros)


def _check_start(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(8)
            if not start:
                raise UnusableFile("Tệp rỗng.")
            if start == _OLE:
                locked = _ENCRYPTED in start + file.read(1 << 20)
                raise UnusableFile(
                    "Tệp có mật khẩu; bỏ mật khẩu trong Excel rồi lưu lại."
                    if locked
                    else "Tệp là dạng Excel cũ (.xls); mở bằng Excel rồi lưu lại thành .xlsx."
                )
    except FileNotFoundError:
        raise UnusableFile(f"Không có tệp «{path}».") from None
    except OSError:
        raise UnusableFile(f"Không mở được tệp «{path}»; kiểm tra quyền đọc.") from None
    if not start.startswith(b"PK"):
        raise UnusableFile("Tệp không phải là Excel .xlsx.")


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """By what the archive declares."""
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise UnusableFile("Tệp có mật khẩu; bỏ mật khẩu trong Excel rồi lưu lại.")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > LARGEST_BYTES or (unpacked > BELIEVED_BYTES and unpacked > LARGEST_RATIO * max(packed, 1)):
        raise UnusableFile("Tệp nén quá lớn so với một bảng Excel bình thường (có thể là tệp phá hoại); không mở.")


def _check_truth(path: Path, archive: zipfile.ZipFile) -> None:
    """Nothing unpacks to more than the archive declares, whoever unpacks it; BadZipFile otherwise."""
    with path.open("rb") as file:
        for member in archive.infolist():
            if member.compress_type == zipfile.ZIP_DEFLATED:
                _unpack(file, member)
            elif member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
                raise zipfile.BadZipFile


def _unpack(file: BinaryIO, member: zipfile.ZipInfo) -> None:
    """Unpack a member piece by piece and keep nothing."""
    file.seek(member.header_offset + _LENGTHS_AT)
    name, extra = _LENGTHS.unpack(file.read(_LENGTHS.size))
    file.seek(name + extra, 1)
    unpacker, packed, unpacked = zlib.decompressobj(-zlib.MAX_WBITS), member.compress_size, 0
    while packed and not unpacker.eof:
        piece = file.read(min(_PIECE, packed))
        packed -= len(piece)
        while piece:
            unpacked += len(unpacker.decompress(piece, _PIECE))
            if unpacked > member.file_size:
                raise zipfile.BadZipFile
            piece = unpacker.unconsumed_tail


def _worksheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title → member, in the workbook's order."""
    if "xl/workbook.xml" not in archive.namelist():
        raise UnusableFile("Tệp không phải là Excel .xlsx.")
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
        if relation.get("Type", "").endswith("/worksheet")
    }
    titles = {}
    for sheet in _xml(archive, "xl/workbook.xml").iter():
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION))
        if sheet.tag.endswith("}sheet") and target:
            titles[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return titles


def _xml(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    text = archive.read(member)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:  # no workbook has them; entities are how XML bombs are made
        raise UnusableFile(_DAMAGED)
    return ElementTree.fromstring(text)  # noqa: S314  nothing left to expand


def _look_through(archive: zipfile.ZipFile, member: str) -> Part:
    part = Part()
    for piece in _pieces(archive, member):
        part.far = part.far or _FAR.search(piece) is not None
        if b't="e"' in piece or b"t='e'" in piece or _FORMULA.search(piece):
            part.flaws |= _flaws(piece)
    return part


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """The XML of a sheet in pieces of whole rows."""
    rest = b""
    with archive.open(member) as file:
        while chunk := file.read(_PIECE):
            rest += chunk
            end = rest.rfind(b"row>") + 4  # whatever prefix the writer gave the tag
            if end > 3:
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > _LONGEST_ROW:
                raise UnusableFile(_DAMAGED)
    yield rest


def _flaws(piece: bytes) -> dict[str, str]:
    flaws = {}
    for cell in _CELL.finditer(piece):
        attributes, inside = cell.groups()
        named = _TYPE.search(attributes)
        sort = named[1] if named else b"n"
        if sort == b"e":
            flaws[_address(attributes)] = BROKEN
        elif sort != b"str" and _FORMULA.search(inside) and not _VALUE.search(inside) and b"<is" not in inside:
            flaws[_address(attributes)] = NO_VALUE
    return flaws


def _address(attributes: bytes) -> str:
    found = _ADDRESS.search(attributes)
    return f"{found[1].decode().upper()}{int(found[2])}" if found else "?"
