"""The sheet engine: Excel workbooks in, deeds called, and out again in the same layout.

- `container`: is this file a workbook, is it safe to open, which cells cannot be believed;
- `book`, `header`: worksheets as rows of raw values under recognised columns;
- `values`: readers, one for each sort of cell;
- `sheet`: a sheet as data (`Sheet`, `Column`), its rows, and the registry in which each app enters its own;
- `load`: the import of a workbook, whole or not at all;
- `write`: workbooks out, and empty templates.

`workbooks.md` is the specification.
"""
