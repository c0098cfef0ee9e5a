// Small parts that every view is made of.

import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';
import type {Evidence, FrameId, Worst} from './report';
import {OpenLink} from './state';
import {decodedText, endText, frameName, term, time, word} from './words';

// A shape for each severity, so that colour is never the only sign.
export const shapes: Record<string, string> = {critical: '◆', high: '▲', medium: '■', low: '●', info: '○'};

export const SeverityTag = ({severity}: {severity: Worst}) => severity === '' ? null :
  <span class={`tag ${severity}`}><span aria-hidden="true">{shapes[severity]}</span> {term('severity', severity)}</span>;

const verdictShapes: Record<string, string> = {
  CONTRADICTED: '✕', PARTLY_CONTRADICTED: '◐', NA_DISPUTED: '✕', CONFIRMED_GAP: '!', CORROBORATED: '✓',
  NOT_CONTRADICTED: '✓', UNDERSTATED: '↑', SUGGESTED: '→', NOT_OBSERVED: '?', NOT_TESTABLE: '–',
  violated: '✕', met: '✓', unseen: '?', present: '✓', absent: '✕', unknown: '?',
};

export const Tag = ({group, code}: {group: string; code: string}) => !code ? null :
  <span class={`tag v-${code}`}>{verdictShapes[code] ? <span aria-hidden="true">{verdictShapes[code]} </span> : null}{term(group, code)}</span>;

export const None = ({children}: {children?: ComponentChildren}) => <p class="none">{children ?? word('none')}</p>;

/** A sentence that names options of the command line, none of which is broken over two lines. */
export const WithOptions = ({children}: {children: string}) => <>
  {children.split(/(--[a-z-]+)/).map((part) => part.startsWith('--') ? <span class="id">{part}</span> : part)}
</>;

/** A number that leads to what it counts. */
export const FrameLink = ({frame}: {frame: FrameId | null}) => frame === null ? null :
  <OpenLink what={`frame-${frame.capture}:${frame.frame}`} kind="frame">{frameName(frame)}</OpenLink>;

export const AssetLink = ({asset, name}: {asset: number | null | undefined; name: string}) =>
  asset === null || asset === undefined ? <>{name}</> : <OpenLink what={`asset-${asset}`}>{name}</OpenLink>;

export const CheckLink = ({id}: {id: string}) => <OpenLink what={`check-${id}`}>{id}</OpenLink>;
export const QuestionLink = ({id}: {id: string}) => <OpenLink what={`question-${id}`}>{id}</OpenLink>;
export const ZoneName = ({name}: {name: string | null}) => <>{term('zone', name)}</>;

export const Facts = ({rows}: {rows: [string, ComponentChildren][]}) => <dl class="facts">
  {rows.filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false)
    .map(([name, value]) => <div><dt>{name}</dt><dd>{value}</dd></div>)}
</dl>;

/** A command to be copied into a terminal. */
export const Command = ({line}: {line: string | null}) => {
  const [copied, setCopied] = useState(false);
  if (!line) return null;
  const copy = (): void => {
    // From a file there may be no clipboard; then the text can still be marked by hand.
    navigator.clipboard?.writeText(line).then(() => setCopied(true), () => undefined);
  };
  return <div class="command">
    <code tabIndex={0} aria-label={word('cut_command')}>{line}</code>
    <button type="button" class="quiet screen" onClick={copy}>{copied ? word('copied') : word('copy')}</button>
  </div>;
};

export const EvidenceList = ({frames}: {frames: Evidence[]}) => frames.length === 0 ? null :
  <ul class="evidence" aria-label={word('evidence')}>
    {frames.map((frame) => <li>
      <FrameLink frame={frame} /> <span class="mono soft">{time(frame.time)}</span>
      {frame.conversation ? <div>{endText(frame.conversation.client)} → {endText(frame.conversation.server)},{' '}
        {frame.conversation.transport}/{frame.conversation.port} {frame.conversation.protocol}
        {frame.conversation.segment ? <span class="soft"> ({frame.conversation.segment})</span> : null}</div> : null}
      {frame.decoded.map((fact) => <div><span class="soft">{term('decoded', fact.kind)}{word('colon')}</span>
        {decodedText(fact.kind, fact.fields)}</div>)}
    </li>)}
  </ul>;

/** What a table or list cannot show on paper. */
export const Hint = ({children}: {children: ComponentChildren}) => <p class="hint">{children}</p>;

export const Section = ({id, title, hint, children}: {id: string; title: string; hint?: string; children: ComponentChildren}) =>
  <section aria-labelledby={`h-${id}`} class={`part part-${id}`}>
    <h2 id={`h-${id}`}>{title}</h2>
    {hint ? <Hint>{hint}</Hint> : null}
    {children}
  </section>;
