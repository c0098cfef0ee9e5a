// The filter bar; what is chosen stands in the address.

import {useEffect, useRef, useState} from 'preact/hooks';
import {severities} from './filter';
import {useState_} from './state';
import {word, term} from './words';

export interface Choice { key: string; label: string; values: [string, string][] }

export const useFilters = (): Record<string, string> => useState_().route.filters;

export const severityChoice = (exact: boolean): Choice => ({
  key: 'severity', label: word('severity'),
  values: severities.map((severity) => [severity,
    exact || severity === 'critical' ? term('severity', severity) : word('at_least', {severity: term('severity', severity)})]),
});

export const FilterBar = ({choices, search = true, time = false}: {choices: Choice[]; search?: boolean; time?: boolean}) => {
  const {route, go, report} = useState_();
  const [typed, setTyped] = useState(route.filters.q ?? '');
  const wait = useRef(0);
  useEffect(() => { setTyped(route.filters.q ?? ''); }, [route.filters.q, route.view]);
  const set = (key: string, value: string): void => go({filters: {...route.filters, [key]: value}});
  const type = (value: string): void => {
    setTyped(value);
    clearTimeout(wait.current);
    wait.current = window.setTimeout(() => set('q', value), 150);
  };
  const known = new Set(['q', 'from', 'to', ...choices.map((choice) => choice.key)]);
  const others = Object.keys(route.filters).filter((key) => !known.has(key));
  const span = [report.scope.captures.map((each) => each.first_seen).filter(Boolean).sort()[0],
    report.scope.captures.map((each) => each.last_seen).filter(Boolean).sort().pop()];
  const moment = (key: string, label: string, bound: string | null | undefined) => <label>{label}
    <input type="datetime-local" step={1} value={route.filters[key] ?? ''} placeholder={bound?.slice(0, 19)}
      min={span[0]?.slice(0, 19)} max={span[1]?.slice(0, 19)}
      onChange={(event) => {
        const value = event.currentTarget.value;
        set(key, value.length === 16 ? `${value}:00` : value);
      }} /></label>;
  return <form class="filters screen" role="search" onSubmit={(event) => event.preventDefault()}>
    {search ? <label class="wide">{word('search')}
      <input type="search" value={typed} placeholder={word('search_hint')} onInput={(event) => type(event.currentTarget.value)} /></label> : null}
    {choices.map((choice) => <label>{choice.label}
      <select value={route.filters[choice.key] ?? ''} onChange={(event) => set(choice.key, event.currentTarget.value)}>
        <option value="">{word('all')}</option>
        {choice.values.map(([value, label]) => <option value={value}>{label}</option>)}
      </select></label>)}
    {time ? <>{moment('from', word('from_time'), span[0])}{moment('to', word('to_time'), span[1])}</> : null}
    {others.map((key) => <FilterChip name={key} value={route.filters[key] ?? ''} />)}
    {Object.keys(route.filters).length > 0 ? <button type="button" class="quiet" onClick={() => go({filters: {}})}>{word('reset')}</button> : null}
  </form>;
};

/** A filter that came with a link. */
const FilterChip = ({name, value}: {name: string; value: string}) => {
  const {route, go, lookup} = useState_();
  const conduit = name === 'conduit' ? lookup.conduits.get(Number(value)) : undefined;
  const label = conduit ? word('from_to', {from: term('zone', conduit.from), to: term('zone', conduit.to)})
    : name === 'asset' ? lookup.assets.get(Number(value))?.name ?? value
      : name === 'zone' ? term('zone', value)
        : name === 'changes' ? word('changes_only') : value;
  const drop = (): void => {
    const {[name]: _, ...rest} = route.filters;
    go({filters: rest});
  };
  return <button type="button" class="chip" onClick={drop}>{label} <span aria-hidden="true">✕</span>
    <span class="hidden">{word('close')}</span></button>;
};
