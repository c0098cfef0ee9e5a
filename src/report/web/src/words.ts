// Words in the reader's language, and how numbers and times are written.

import type labels from '../../words.json';
import own from './words.json';
import type {End, FrameId, Lang, Report, Text} from './report';

type Key = keyof typeof own | keyof typeof labels.labels;

/** The labels of src/report/words.json, which the program puts before this script. */
declare const WORDS: Record<string, Text>;

let lang: Lang = 'en';
let legend: Report['legend'] = {};
let shared: Record<string, Text> = {};

export const speak = (language: Lang): void => { lang = language; };
export const language = (): Lang => lang;
export const useReport = (report: Report): void => {
  legend = report.legend;
  shared = WORDS;
};

/** A text of the report; a report in one language has no other. */
export const text = (both: Text | string | null | undefined): string =>
  typeof both === 'string' ? both : both?.[lang] ?? both?.en ?? both?.ja ?? '';

export const word = (key: Key, values: Record<string, string | number> = {}): string => {
  const said = text((own as Record<string, Text>)[key] ?? shared[key]);
  return said.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
};

/** So many of something; one of it has a word of its own. */
export const counted = (key: 'n_assets' | 'n_talks' | 'n_captures', count: number): string =>
  word(count === 1 ? `${key}_one` : key, {count: number(count)});

/** What a code of the report is called; the code itself where it has no name. */
export const term = (group: string, code: string | null | undefined): string => {
  const found = legend[group]?.[code ?? ''];
  return found ? text(found) : code ?? '';
};

export const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : value.toLocaleString('en-US', {maximumFractionDigits: 6});
export const points = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));
export const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? word('unknown') : `${number(Math.round(value * 10000) / 100)} %`;
export const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : `${number(value)} %`;
export const yesno = (value: boolean | null | undefined): string =>
  value === null || value === undefined ? word('unknown') : word(value ? 'yes' : 'no');

/** `2026-04-06 00:02:11.000000`; with `short` to the second. */
export const time = (value: string | null | undefined, short = false): string => {
  if (!value) return '';
  const plain = value.replace('T', ' ').replace('Z', '');
  return short ? plain.slice(0, 19) : plain;
};

export const list = (values: (string | null | undefined | false)[]): string =>
  values.filter((value) => value).join(lang === 'ja' ? '、' : ', ');

/** In brackets, as the language writes them. */
export const bracketed = (said: string): string => (lang === 'ja' ? `（${said}）` : ` (${said})`);

export const frameName = (frame: FrameId): string => `C${frame.capture} #${frame.frame}`;
export const frameCommand = (frame: FrameId): string =>
  `sekimori evidence report.sekimori ${frame.capture}:${frame.frame} -o C${frame.capture}-${frame.frame}.pcap`;

export const endText = (end: End | null): string => {
  if (!end) return '';
  const address = end.address && end.address !== end.name ? ` ${end.address}` : '';
  return `${end.name}${address}${end.zone ? ` [${term('zone', end.zone)}]` : ''}`;
};

/** What a frame said, by the kind of fact. */
export const decodedText = (kind: string, f: Record<string, string>): string => {
  switch (kind) {
    case 'operation': return `${f.protocol} ${f.name} (${f.code})${word('colon')}${term('access', f.access)}${f.target ? ` ${f.target}` : ''}`;
    case 'rejection': return `${f.protocol} ${f.name}${word('colon')}${f.reason}`;
    case 'event': return `${term('event', f.event)}${word('colon')}${f.detail ?? ''}`;
    case 'property': return `${f.name} = ${f.value} (${f.source})`;
    case 'binding': return list([f.ip, f.mac, f.segment]);
    case 'blocked': return `${f.by}${word('colon')}${f.source} → ${f.destination} ${f.transport}/${f.port} (${f.type}/${f.code})`;
    case 'conversation': return `${f.strength} ${term('strength', f.strength)}`;
    default: return Object.values(f).join(' ');
  }
};
