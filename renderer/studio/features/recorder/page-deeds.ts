/** What the mounted parts of the recorder page can do for keys and the palette; absent while they are not shown. */
export const pageDeeds: {
  script: { toggle: () => void; top: () => void; move: (lines: number) => void } | null
  compare: (() => void) | null
} = { script: null, compare: null }
