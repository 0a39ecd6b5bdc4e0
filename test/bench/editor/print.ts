/** One line per figure; below 1 is better than the opponent. A value of null could not be measured: `missing` says why. */
export function printer(bench: string): (figure: string, value: number | null, unit: string, versus: number | null, missing?: string) => void {
  const round = (value: number): number => Math.round(value * 1000) / 1000
  return (figure, value, unit, versus, missing) => {
    console.log(JSON.stringify({
      bench, figure, value: value === null ? null : round(value), unit, versus: versus === null ? null : round(versus), ratio: versus === null || value === null || versus === 0 ? null : round(value / versus), ...(missing === undefined ? {} : { missing }),
    }))
  }
}

export type Print = ReturnType<typeof printer>
