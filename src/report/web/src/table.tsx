// A table of any length: only the rows in sight are drawn. On paper it is a plain one, cut at a length that says so.

import {elementScroll, observeElementOffset, observeElementRect, Virtualizer} from '@tanstack/virtual-core';
import type {ComponentChildren} from 'preact';
import {useLayoutEffect, useMemo, useReducer, useRef, useState} from 'preact/hooks';
import {sorted, type Order} from './sort';
import {useState_} from './state';
import {number, word} from './words';

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  /** Sorts by it. */
  value?: (row: Row) => string | number | null;
  /** Of the grid: `minmax(160px, 2fr)`. */
  width?: string;
  numeric?: boolean;
}

export interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  total?: number;
  id?: (row: Row) => string;
  /** What a click on a row opens. */
  opens?: (row: Row) => string;
  chosen?: string;
  height?: string;
}

const kPaperRows = 100;
const kPlainRows = 30;  // up to here no scrolling inside the page

const PaperTable = <Row,>({columns, rows, total}: TableProps<Row>) => <>
  <table class="paper">
    <thead><tr>{columns.map((column) => <th class={column.numeric ? 'numeric' : undefined}>{column.label}</th>)}</tr></thead>
    <tbody>{rows.slice(0, kPaperRows).map((row) => <tr>{columns.map((column) =>
      <td class={column.numeric ? 'numeric' : undefined}>{column.cell(row)}</td>)}</tr>)}</tbody>
  </table>
  {Math.max(rows.length, total ?? 0) > kPaperRows
    ? <p class="soft">{word('print_first', {shown: number(Math.min(kPaperRows, rows.length)), total: number(Math.max(rows.length, total ?? 0))})}</p> : null}
</>;

export const Table = <Row,>(props: TableProps<Row>) => {
  const {paper} = useState_();
  if (props.rows.length === 0) return <p class="none">{word(props.total ? 'nothing_matches' : 'none')}</p>;
  return paper ? <PaperTable {...props} /> : <ScreenTable {...props} />;
};

const ScreenTable = <Row,>({label, columns, rows, opens, chosen, id, height}: TableProps<Row>) => {
  const state = useState_();
  const box = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState<Order>(null);
  const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
  const shown = useMemo(() => sorted(rows, columns, order), [rows, order]);
  const plain = rows.length <= kPlainRows;

  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>({
    count: shown.length, getScrollElement: () => box.current, estimateSize: () => 44, overscan: 10,
    observeElementRect, observeElementOffset, scrollToFn: elementScroll, onChange: () => redraw(),
    initialRect: {width: 1000, height: 700},
  }));
  virtual.setOptions({...virtual.options, count: shown.length});
  useLayoutEffect(() => (plain ? undefined : virtual._didMount()), [plain]);
  useLayoutEffect(() => { if (!plain) virtual._willUpdate(); });

  const template = columns.map((column) => column.width ?? (column.numeric ? '110px' : 'minmax(110px, 1fr)')).join(' ');
  const items = plain ? shown.map((_, index) => ({index, start: 0})) : virtual.getVirtualItems();

  const step = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row = (event.target as Element).closest?.('[data-index]');
    if (way === 0 || !row) return;
    event.preventDefault();
    const next = Math.min(shown.length - 1, Math.max(0, Number(row.getAttribute('data-index')) + way));
    if (!plain) virtual.scrollToIndex(next);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  const enter = (event: MouseEvent | KeyboardEvent, row: Row): void => {
    if (!opens || (event.target as Element).closest('a, button')) return;
    if (event instanceof KeyboardEvent && event.key !== 'Enter') return;
    if (getSelection()?.toString()) return;  // marking text is no click
    state.go({open: opens(row)});
  };

  return <div class={`table${plain ? ' plain' : ''}`} ref={box} role="table" aria-label={label} aria-rowcount={shown.length + 1}
    tabIndex={0} style={plain ? undefined : {maxHeight: height ?? '72vh'}} onKeyDown={step}>
    <div role="rowgroup" class="head"><div role="row" class="row" style={{gridTemplateColumns: template}}>
      {columns.map((column) => {
        const by = order?.key === column.key ? order : null;
        return <div role="columnheader" class={column.numeric ? 'numeric' : undefined}
          aria-sort={by ? (by.down ? 'descending' : 'ascending') : undefined}>
          {column.value ? <button type="button" title={word('sort_by', {column: column.label})}
            onClick={() => setOrder(by ? (by.down ? null : {key: column.key, down: true}) : {key: column.key, down: false})}>
            {column.label}<span aria-hidden="true">{by ? (by.down ? ' ▼' : ' ▲') : ''}</span></button> : column.label}
        </div>;
      })}
    </div></div>
    <div role="rowgroup" class="body" style={plain ? undefined : {height: `${virtual.getTotalSize()}px`}}>
      {items.map(({index, start}) => {
        const row = shown[index];
        if (row === undefined) return null;
        return <div role="row" key={id ? id(row) : index} class={`row${opens ? ' opens' : ''}${chosen && opens?.(row) === chosen ? ' chosen' : ''}`}
          data-index={index} aria-rowindex={index + 2} tabIndex={opens ? 0 : -1} ref={plain ? null : virtual.measureElement}
          style={{gridTemplateColumns: template, ...(plain ? {} : {transform: `translateY(${start}px)`})}}
          onClick={(event) => enter(event, row)} onKeyDown={(event) => enter(event, row)}>
          {columns.map((column) => {
            const value = column.cell(row);
            return <div role="cell" class={`${column.numeric ? 'numeric' : ''}${value === '' || value === null ? ' blank' : ''}`} data-label={column.label}><div>{value}</div></div>;
          })}
        </div>;
      })}
    </div>
  </div>;
};

export const Shown = ({shown, total}: {shown: number; total: number}) =>
  <span class="soft" aria-live="polite">{shown < total ? word('rows_shown', {shown: number(shown), total: number(total)}) : word('rows_all', {total: number(total)})}</span>;
