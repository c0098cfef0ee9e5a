// Where the reader is, in the part of the address after `#`: `conversations?conduit=3&open=asset-12`.
// Thus the back button works, and a place can be named in a mail.

export const views = ['overview', 'contradictions', 'gaps', 'findings', 'questions', 'map', 'matrix', 'assets', 'services',
  'conversations', 'operations', 'timeline', 'coverage', 'checks', 'annex', 'glossary'] as const;
export type View = (typeof views)[number];

export type Reader = 'manager' | 'engineer';
export type Theme = '' | 'light' | 'dark';

export interface Route {
  view: View;
  /** What is open beside it, as `asset-12`, `finding-SEG-01.1`, `frame-1:383`; or ''. */
  open: string;
  /** Filters, by name. */
  filters: Record<string, string>;
  lang: string;
  reader: Reader;
  theme: Theme;
  /** The number of the system whose answers are shown. */
  system: number;
}

export const parseRoute = (hash: string): Route => {
  const text = hash.replace(/^#/, '');
  const mark = text.indexOf('?');
  const bare = mark < 0 && text.includes('=');
  const name = bare ? '' : mark < 0 ? text : text.slice(0, mark);
  const params = new URLSearchParams(bare ? text : mark < 0 ? '' : text.slice(mark + 1));
  const take = (key: string): string => {
    const value = params.get(key) ?? '';
    params.delete(key);
    return value;
  };
  const theme = take('theme');
  const route: Route = {
    view: views.find((view) => view === name) ?? 'overview',
    open: take('open'),
    lang: take('lang'),
    reader: take('reader') === 'manager' ? 'manager' : 'engineer',
    theme: theme === 'light' || theme === 'dark' ? theme : '',
    system: Math.max(1, Number.parseInt(take('system'), 10) || 1),
    filters: {},
  };
  params.forEach((value, key) => { if (value) route.filters[key] = value; });
  return route;
};

export const formatRoute = (route: Route): string => {
  const params = new URLSearchParams();
  for (const key of Object.keys(route.filters).sort()) {
    const value = route.filters[key];
    if (value) params.set(key, value);
  }
  if (route.open) params.set('open', route.open);
  if (route.lang) params.set('lang', route.lang);
  if (route.reader === 'manager') params.set('reader', 'manager');
  if (route.theme) params.set('theme', route.theme);
  if (route.system > 1) params.set('system', String(route.system));
  const query = params.toString().replace(/%3A/g, ':');
  return `#${route.view}${query ? `?${query}` : ''}`;
};

/** The kind and the id of what is open. */
export const opened = (open: string): [string, string] => {
  const dash = open.indexOf('-');
  return dash < 0 ? ['', ''] : [open.slice(0, dash), open.slice(dash + 1)];
};
