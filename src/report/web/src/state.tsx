// What all parts of the page know: the report, and where the reader is.

import {createContext, type ComponentChildren} from 'preact';
import {useContext} from 'preact/hooks';
import type {Lookup} from './lookup';
import type {Report} from './report';
import {formatRoute, type Route, type View} from './route';

export interface State {
  report: Report;
  lookup: Lookup;
  route: Route;
  dark: boolean;
  /** While a sheet of paper is being made. */
  paper: boolean;
  go: (change: Partial<Route>) => void;
}

export const Context = createContext<State>(null as unknown as State);
export const useState_ = (): State => useContext(Context);

/** The address of a view with these filters, in the reader's language and colours. */
export const href = (state: State, view: View, filters: Record<string, string | number> = {}, open = ''): string => {
  const named: Record<string, string> = {};
  for (const [key, value] of Object.entries(filters)) named[key] = String(value);
  return formatRoute({...state.route, view, filters: named, open});
};

export const ViewLink = ({to, filters, children, kind}:
{to: View; filters?: Record<string, string | number>; children: ComponentChildren; kind?: string}) => {
  const state = useState_();
  return <a href={href(state, to, filters)} class={kind}>{children}</a>;
};

/** Opens something beside what is seen: `asset-12`. */
export const OpenLink = ({what, children, kind}: {what: string; children: ComponentChildren; kind?: string}) => {
  const state = useState_();
  return <a href={formatRoute({...state.route, open: what})} class={kind}>{children}</a>;
};
