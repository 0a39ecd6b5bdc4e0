import { channelsOf, compileEdl, edlLength } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { Player } from '../../audio/playback/index.ts'
import { fileUrl } from '../../app/station-client/index.ts'
import { translate } from '../../i18n/index.ts'
import { editorNow, showEditor } from './editor-store.ts'
import { nextRate } from './rates.ts'
import { showEditError } from './words.ts'

/** Playback of the open project, as the desk asks for it. */
export const player = new Player({
  playing(playing) {
    showEditor(playing ? { playing } : { playing, rate: 1, cursor: player.position() })
  },
  failed: showEditError,
})

export const playhead = (): number => (editorNow().playing ? player.position() : editorNow().cursor)

const lengthNow = (): number => {
  const { project } = editorNow()
  return project === null ? 0 : edlLength(project.edl)
}

async function start(from: number, until: number | null, rate: number): Promise<void> {
  showEditor({ rate })
  await player.play(from, until, rate)
}

export async function togglePlay(): Promise<void> {
  if (player.isPlaying) {
    player.stop()
    return
  }
  const { cursor, selection } = editorNow()
  const length = lengthNow()
  if (length === 0) return
  if (selection !== null) await start(selection.start, selection.end, 1)
  else await start(cursor >= length ? 0 : cursor, null, 1)
}

/** Two seconds on both sides of the playhead, or of the edges of what is selected: does the cut sound right? */
export async function playAround(): Promise<void> {
  const { selection } = editorNow()
  const at = playhead()
  const length = lengthNow()
  if (length === 0) return
  await start(Math.max(0, (selection?.start ?? at) - AROUND), Math.min(length, (selection?.end ?? at) + AROUND), 1)
}
const AROUND = 2 * RATE_HZ

export async function shuttle(direction: 1 | -1): Promise<void> {
  const { playing, rate, cursor } = editorNow()
  const length = lengthNow()
  if (length === 0) return
  const next = nextRate(rate, direction, playing)
  showEditor({ said: translate('editor.said.rate', { rate: next }) })
  if (!playing) return start(direction === 1 && cursor >= length ? 0 : direction === -1 && cursor === 0 ? length : cursor, null, next)
  showEditor({ rate: next })
  await player.setRate(next)
}
export function stopPlaying(): void {
  if (player.isPlaying) player.stop()
}

/** Puts the playhead; playback goes on from there, at its speed. */
export function seek(at: number): void {
  const { rate } = editorNow()
  showEditor({ cursor: at })
  if (player.isPlaying) void player.play(at, null, rate).catch(showEditError)
}

/** The pointer is drawn along the ruler: the place under it is heard. */
export function scrubTo(at: number): void {
  showEditor({ cursor: at })
  void player.scrub(at).catch(showEditError)
}
export function endScrub(): void {
  showEditor({ cursor: player.endScrub() })
}

/** What is heard: the project, or for a while what a tool would make of it. */
export function planOf(edl: Edl): Parameters<Player['setPlan']>[0] {
  return { plan: compileEdl(edl), channels: channelsOf(edl), urls: edl.sources.map((source) => fileUrl('pcm', source.itemId)) }
}
export function hear(edl: Edl): void {
  player.setPlan(planOf(edl))
}
export const playFrom = (at: number): Promise<void> => start(at, null, 1)
