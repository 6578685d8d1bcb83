import { encodeQR } from 'qr';
import type { ReactNode } from 'react';

const quiet = 4;

/** A QR code, drawn as one path: dark on light in every theme, as readers want it. */
export function Qr({ content, label }: { readonly content: string; readonly label: string }): ReactNode {
  const rows = encodeQR(content, 'raw', { ecc: 'medium', border: quiet });
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={rows.length} height={rows.length} className="qr-light" />
      <path d={path} className="qr-dark" />
    </svg>
  );
}
