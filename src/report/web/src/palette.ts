// Colours for what is drawn as SVG. Told apart by people who see colours otherwise, too: by lightness, and
// by a shape or a text beside each. Text on paper, and paper on the signal colours, reach 4.5 : 1.

export interface Palette {
  ink: string; soft: string; line: string; paper: string; ground: string; band: string; link: string;
  critical: string; high: string; medium: string; low: string; info: string;
  claimed: string; adjusted: string; after: string; before: string;
  onSignal: string;
}

const light: Palette = {
  ink: '#17222e', soft: '#4f5d6c', line: '#c9d2dc', paper: '#ffffff', ground: '#f3f5f8', band: '#e9eef4', link: '#0b5394',
  critical: '#7d0f45', high: '#b93a0a', medium: '#8a5a00', low: '#0f6578', info: '#55616e',
  claimed: '#9db4cc', adjusted: '#0b5394', after: '#1b7f6b', before: '#8a5a00', onSignal: '#ffffff',
};

const dark: Palette = {
  ink: '#e8edf3', soft: '#a9b6c4', line: '#3a4756', paper: '#151d27', ground: '#0e141b', band: '#1b2633', link: '#8cc4ff',
  critical: '#ff8fc0', high: '#ff9d66', medium: '#e8bd55', low: '#6fcbe0', info: '#a9b6c4',
  claimed: '#55708c', adjusted: '#8cc4ff', after: '#63d0b8', before: '#e8bd55', onSignal: '#10161d',
};

export const palette = (isDark: boolean): Palette => (isDark ? dark : light);
export const severityColour = (colours: Palette, severity: string): string =>
  (colours as unknown as Record<string, string>)[severity || 'info'] ?? colours.info;
