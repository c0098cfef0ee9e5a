// Rows in the order of a column; equal ones stay as they were, and what is not there comes last.

export interface Sortable<Row> { key: string; value?: (row: Row) => string | number | null }
export type Order = {key: string; down: boolean} | null;

export const sorted = <Row>(rows: Row[], columns: Sortable<Row>[], order: Order): Row[] => {
  const value = order ? columns.find((column) => column.key === order.key)?.value : undefined;
  if (!order || !value) return rows;
  const way = order.down ? -1 : 1;
  return rows.map((row, at) => ({row, at, key: value(row)})).sort((a, b) => {
    if (a.key === b.key) return a.at - b.at;
    if (a.key === null) return 1;
    if (b.key === null) return -1;
    const less = typeof a.key === 'number' && typeof b.key === 'number' ? a.key - b.key
      : String(a.key).localeCompare(String(b.key), undefined, {numeric: true});
    return less * way || a.at - b.at;
  }).map(({row}) => row);
};
