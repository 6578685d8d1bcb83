import { Box, Text } from 'ink';
import { useContext, type ReactNode } from 'react';
import type { Line } from '../lines/line.ts';
import { ThemeContext } from '../theme.ts';

/** Rows that were made for this width; the rest of `rows` stays empty. */
export function Lines({ lines, rows }: { readonly lines: readonly Line[]; readonly rows?: number }): ReactNode {
  const theme = useContext(ThemeContext);
  return (
    <Box flexDirection="column" flexShrink={0} {...(rows === undefined ? {} : { height: rows })}>
      {lines.map((line, row) => (
        <Text key={row} wrap="truncate-end">
          {line.every(({ text }) => text === '')
            ? ' '
            : line.map(({ text, bold = false, inverse = false, tone }, index) => {
                const color = tone === undefined ? undefined : theme[tone];
                return (
                  <Text key={index} bold={bold} inverse={inverse} {...(color === undefined ? {} : { color })}>
                    {text}
                  </Text>
                );
              })}
        </Text>
      ))}
    </Box>
  );
}
