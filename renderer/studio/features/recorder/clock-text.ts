/** HH:MM:SS of samples at 48 kHz. */
export function clockOf(frames: number): string {
  const seconds = Math.floor(frames / 48_000)
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(seconds / 3_600))}:${pad(Math.floor((seconds % 3_600) / 60))}:${pad(seconds % 60)}`
}
