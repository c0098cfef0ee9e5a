// A plant of 5,000 assets and 50,000 conversations, made of a real report: its rows are multiplied, with other
// names, and nothing else is changed.


const open = '<script type="application/json" id="report">';

export const reportIn = (html) => {
  const from = html.indexOf(open) + open.length;
  return JSON.parse(html.slice(from, html.indexOf('</script>', from)));
};

export const withReport = (html, report) => {
  const from = html.indexOf(open) + open.length;
  return html.slice(0, from) + JSON.stringify(report).replace(/</g, '\\u003c') + html.slice(html.indexOf('</script>', from));
};

export const large = (html, assets, conversations) => {
  const report = reportIn(html);
  const [things, talks] = [report.assets.rows, report.conversations.rows];
  const many = (rows, count, change) => Array.from({length: count}, (_, at) => (at < rows.length ? rows[at] : change(rows[at % rows.length], at)));
  const most = Math.max(...things.map((row) => row.asset));
  report.assets.rows = many(things, assets, (row, at) => ({...row, asset: most + at, name: `${row.name}-${at}`,
    addresses: row.addresses.map((each) => ({...each, ip: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`}))}));
  report.assets.total = assets;
  const ids = report.assets.rows.map((row) => row.asset);
  report.conversations.rows = many(talks, conversations, (row, at) => ({...row, conversation: 100000 + at, findings: 0, severity: '',
    client: `client-${at}`, client_asset: ids[(at * 7) % ids.length], server_asset: ids[(at * 13) % ids.length], packets: at}));
  report.conversations.total = conversations;
  for (const zone of report.network.zones) zone.assets = report.assets.rows.filter((row) => row.zone_id === zone.zone).length;
  return withReport(html, report);
};

