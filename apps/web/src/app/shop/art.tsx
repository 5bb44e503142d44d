import type { ReactNode } from 'react';

/** Drawings of the goods: shapes only, coloured by the page's own variables. */
const drawings: Readonly<Record<string, ReactNode>> = {
  'P-101': (
    <>
      <path d="M66 44h68l6 96a6 6 0 0 1-6 6H66a6 6 0 0 1-6-6z" fill="var(--art-dark)" />
      <path d="M64 30h72v16H64z" fill="var(--art-mid)" />
      <path d="M64 38h72" stroke="var(--art-dark)" strokeDasharray="3 4" />
      <rect x="76" y="72" width="48" height="48" rx="4" fill="var(--art-paper)" />
      <ellipse cx="100" cy="96" rx="11" ry="15" fill="var(--art-clay)" />
      <path d="M96 83c8 8-2 16 7 26" stroke="var(--art-paper)" strokeWidth="3" fill="none" />
    </>
  ),
  'P-104': (
    <>
      <path d="M62 34h76l-24 42H86z" fill="var(--art-clay)" />
      <path d="M70 40h60l-4 8H74z" fill="var(--art-dark)" />
      <rect x="84" y="76" width="32" height="7" rx="3" fill="var(--art-dark)" />
      <path
        d="M84 83h32c0 12 22 22 22 44 0 12-8 19-20 19H82c-12 0-20-7-20-19 0-22 22-32 22-44z"
        fill="var(--art-glass)"
      />
      <path d="M64 118h72c3 18-6 28-18 28H82c-12 0-21-10-18-28z" fill="var(--art-mid)" />
    </>
  ),
  'P-202': (
    <g transform="rotate(-32 100 88)">
      <path d="M30 78h96v26C88 106 50 100 30 78z" fill="var(--art-glass)" />
      <path d="M30 78h96v5H35z" fill="var(--art-paper)" />
      <path d="M126 76h40a10 10 0 0 1 10 10v4a10 10 0 0 1-10 10h-40z" fill="var(--art-mid)" />
      <circle cx="142" cy="88" r="3" fill="var(--art-paper)" />
      <circle cx="160" cy="88" r="3" fill="var(--art-paper)" />
    </g>
  ),
  'P-205': (
    <>
      <path d="M44 78h112c0 40-22 62-56 62S44 118 44 78z" fill="var(--art-sea)" />
      <path d="M44 78h112c0 9-2 17-4 24-30 8-74 8-104 0-2-7-4-15-4-24z" fill="var(--art-glass)" />
      <ellipse cx="100" cy="78" rx="56" ry="13" fill="var(--art-paper)" />
      <ellipse cx="100" cy="79" rx="46" ry="9" fill="var(--art-mid)" opacity="0.35" />
      <rect x="80" y="138" width="40" height="8" rx="3" fill="var(--art-dark)" />
    </>
  ),
  'P-301': (
    <>
      <rect x="42" y="104" width="116" height="34" rx="10" fill="var(--art-mid)" />
      <rect x="46" y="72" width="108" height="34" rx="10" fill="var(--art-paper)" />
      <rect x="50" y="42" width="100" height="32" rx="10" fill="var(--art-clay)" />
      <path
        d="M70 42v32M84 42v32M116 72v34M130 72v34M64 104v34M78 104v34"
        stroke="var(--art-dark)"
        strokeWidth="5"
        opacity="0.55"
      />
      <path
        d="M48 138v9M60 138v9M72 138v9M84 138v9M96 138v9M108 138v9M120 138v9M132 138v9M144 138v9"
        stroke="var(--art-mid)"
        strokeWidth="3"
      />
    </>
  ),
  'P-304': (
    <>
      <path
        d="M100 26c10 13 13 20 13 27a13 13 0 0 1-26 0c0-7 3-14 13-27z"
        fill="var(--art-flame)"
      />
      <path d="M100 42c5 7 6 9 6 13a6 6 0 0 1-12 0c0-4 1-6 6-13z" fill="var(--art-paper)" />
      <path d="M100 66v12" stroke="var(--art-dark)" strokeWidth="3" />
      <rect x="64" y="76" width="72" height="70" rx="9" fill="var(--art-sea)" />
      <path d="M64 85a9 9 0 0 1 9-9h54a9 9 0 0 1 9 9v3H64z" fill="var(--art-paper)" />
      <rect x="78" y="100" width="44" height="28" rx="3" fill="var(--art-paper)" />
      <path d="M100 104l8 12h-5l6 8H91l6-8h-5z" fill="var(--art-sea)" />
    </>
  ),
  'P-401': (
    <>
      <path d="M80 44c0-24 40-24 40 0" stroke="var(--art-dark)" strokeWidth="7" fill="none" />
      <path
        d="M56 74c0-22 18-34 44-34s44 12 44 34v62a10 10 0 0 1-10 10H66a10 10 0 0 1-10-10z"
        fill="var(--art-sea)"
      />
      <path d="M56 74c0-22 18-34 44-34s44 12 44 34v10H56z" fill="var(--art-dark)" opacity="0.35" />
      <rect x="70" y="98" width="60" height="36" rx="7" fill="var(--art-clay)" />
      <path d="M70 110h60" stroke="var(--art-dark)" strokeWidth="3" opacity="0.5" />
      <path d="M84 60v32M116 60v32" stroke="var(--art-mid)" strokeWidth="7" />
      <rect x="80" y="86" width="8" height="10" fill="var(--art-paper)" />
      <rect x="112" y="86" width="8" height="10" fill="var(--art-paper)" />
    </>
  ),
  'P-402': (
    <>
      <rect x="86" y="22" width="28" height="20" rx="4" fill="var(--art-dark)" />
      <path
        d="M84 42h32c0 12 12 16 12 32v62a10 10 0 0 1-10 10H82a10 10 0 0 1-10-10V74c0-16 12-20 12-32z"
        fill="var(--art-clay)"
      />
      <path d="M72 88h56v36H72z" fill="var(--art-paper)" />
      <path d="M80 116l12-18 8 11 6-8 14 15z" fill="var(--art-sea)" />
      <path
        d="M80 56c-3 5-4 9-4 16v62"
        stroke="var(--art-paper)"
        strokeWidth="4"
        opacity="0.5"
        fill="none"
      />
    </>
  ),
};

/** Decoration: the name stands beside it. */
export function Art({ good }: { readonly good: string }): ReactNode {
  return (
    <svg viewBox="0 0 200 168" aria-hidden="true" focusable="false">
      <ellipse cx="100" cy="150" rx="62" ry="7" fill="var(--art-dark)" opacity="0.16" />
      {drawings[good]}
    </svg>
  );
}
