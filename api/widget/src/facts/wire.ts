/**
 * Reads the support facts of a reply (docs/api.md): rows of cells, each cell made of words of a paper.
 * What is read has the fields of what was sent, so that a stored reply reads the same.
 */

import type { Cited } from "../wire";
import { cited, count, list, raw, text, texts } from "../wire";

/** Words of the paper in the text of a cell, whose place there is `at` in code points. */
export interface Part {
  at: [number, number];
  permalink: string;
}

export interface Cell {
  column: string;
  text: string;
  /** False where money is promised and no sum is written. */
  stated: boolean;
  parts: Part[];
}

export interface FactRow {
  cited: Cited;
  /** Whether an editor has corrected the fact. */
  corrected: boolean;
  cells: Cell[];
}

export interface FactTable {
  columns: { name: string; label: string }[];
  rows: FactRow[];
  /** Places that were asked about and have no row. */
  without: string[];
  /** Number of facts that have no row. */
  more: number;
}

/** The table; null where a reply has none. */
export function tableOf(value: unknown): FactTable | null {
  if (!value) return null;
  const { columns, rows, without, more } = raw(value);
  return {
    columns: list(columns).map((column) => ({ name: text(raw(column).name), label: text(raw(column).label) })),
    rows: list(rows).map(row),
    without: texts(without),
    more: count(more, 0),
  };
}

function row(value: unknown): FactRow {
  const from = raw(value);
  return { cited: cited(from.cited), corrected: from.corrected === true, cells: list(from.cells).map(cell) };
}

function cell(value: unknown): Cell {
  const from = raw(value);
  const parts = list(from.parts).map((part): Part => {
    const [start, end] = list(raw(part).at);
    return { at: [count(start, -1), count(end, -1)], permalink: text(raw(part).permalink) };
  });
  return {
    column: text(from.column),
    text: text(from.text),
    stated: from.stated !== false,
    parts: parts.filter(({ at: [start, end] }) => 0 <= start && start < end).sort((one, other) => one.at[0] - other.at[0]),
  };
}
