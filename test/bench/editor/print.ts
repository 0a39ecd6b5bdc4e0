/** One line per figure; below 1 is better than the opponent. */
export function printer(bench: string): (figure: string, value: number, unit: string, versus: number | null) => void {
  const round = (value: number): number => Math.round(value * 1000) / 1000
  return (figure, value, unit, versus) => {
    console.log(JSON.stringify({ bench, figure, value: round(value), unit, versus: versus === null ? null : round(versus), ratio: versus === null ? null : round(value / versus) }))
  }
}

export type Print = ReturnType<typeof printer>
