/* sheet/sheet.h - facade of the sheet room: workbooks and CSV in and out.
 *
 * Purpose     One engine for every workbook.  A table of columns (templates/sheets/NAME.json) says
 *             headings, types, limits, help and validation lists; reading, templates, failure
 *             workbooks, exports and the columns of the screens' lists come from it.
 * Invariants  Files are read as a stream: own memory does not grow with the file.  Nothing a
 *             workbook contains is executed, evaluated or taken as a path.  Every text handed out
 *             is valid UTF-8 without forbidden characters (base/text.h).  What is written never
 *             starts a formula.  A file is whole or absent.
 * Ownership   Readers, imports and writers are opened and closed by the caller; texts of a row live
 *             until the next row is read.
 *
 *   table.h   columns as data          read.h    rows of a workbook or CSV
 *   import.h  rows as records of a table          write.h   workbooks, CSV, templates
 *   figures.h numbers as numbers, with a chart
 */
#ifndef KP_SHEET_SHEET_H
#define KP_SHEET_SHEET_H

#include "sheet/figures.h"
#include "sheet/import.h"
#include "sheet/read.h"
#include "sheet/table.h"
#include "sheet/write.h"

#endif
