const RECOVERED_TITLE = 'Bản thu khôi phục'
const RECOVERED_BEGINNING = /^Bản thu khôi phục \d\d\/\d\d\/\d{4} \d\d:\d\d(?: – |$)/
const PART_ENDING = / – phần \d+$/
const MOST_LETTERS = 200

/** `Bản thu khôi phục 05/03/2026 14:03 – title` in the station's zone. */
export function recoveredTitle(startedAt: number, zone: string, title: string | null): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(startedAt)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const when = `${part('day')}/${part('month')}/${part('year')} ${part('hour')}:${part('minute')}`
  return [`${RECOVERED_TITLE} ${when}`, ...(title === null ? [] : [title])].join(' – ').slice(0, MOST_LETTERS).trim()
}

/** `title – phần 2`; a title that names a part already gets the new number. */
export function partTitle(title: string, part: number): string {
  const ending = ` – phần ${part}`
  return `${title.replace(PART_ENDING, '').slice(0, MOST_LETTERS - ending.length).trim()}${ending}`
}

/** The title a person gave, without what the station added when it saved the take; the title itself when nothing else is left. */
export function givenTitle(title: string): string {
  const rest = title.replace(RECOVERED_BEGINNING, '').replace(PART_ENDING, '').trim()
  return rest === '' ? title : rest
}
