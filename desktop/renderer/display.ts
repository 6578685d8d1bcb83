import { useEffect, useState } from 'react';

const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** How the window looks. Remembered in the page only: the next officer starts with the system's own. */
export interface Display {
  readonly theme: Theme;
  readonly contrast: boolean;
  readonly large: boolean;
  readonly change: (change: Partial<Pick<Display, 'theme' | 'contrast' | 'large'>>) => void;
}

export function themeAfter(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
}

export function useDisplay(): Display {
  const [{ theme, contrast, large }, set] = useState({ theme: 'auto' as Theme, contrast: false, large: false });
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset['theme'] = theme;
    dataset['contrast'] = contrast ? 'high' : 'normal';
    dataset['type'] = large ? 'large' : 'normal';
  }, [theme, contrast, large]);
  return {
    theme,
    contrast,
    large,
    change: (change) => {
      set((now) => ({ ...now, ...change }));
    },
  };
}
