import { assemble } from '#common/programme/index.ts'
import type { SoundFacts, Sum } from '#common/programme/index.ts'
import type { Edl } from '#common/edl/index.ts'
import type { ProgrammeTemplate } from '#contract/programme.ts'
import type { Item } from '#contract/library.ts'
import { samples } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { LibraryRoom } from '../faces.ts'
import type { Pieces } from './pieces.ts'
import type { BulletinRecord, StoryRecord } from './rows.ts'

type Piece = NonNullable<ProgrammeTemplate['intro']>
const within = (gainDb: number): number => Math.min(24, Math.max(-60, Math.round(gainDb * 100) / 100))

export function factsOf(item: Item, gainDb = 0): SoundFacts {
  const { integratedLufs, rangeLu, truePeakDbtp } = item.loudness ?? { integratedLufs: null, rangeLu: null, truePeakDbtp: null }
  return {
    itemId: item.id, title: item.title, sha256: item.sha256, channels: item.channels, length: samples(item.lengthSamples), gainDb: within(item.playGainDb + gainDb),
    loudness: integratedLufs === null || rangeLu === null || truePeakDbtp === null ? null : { integratedLufs, rangeLu, truePeakDbtp },
  }
}

/**
 * The edit list of a bulletin with everything it needs found, or the reason why not.
 * @throws AppError programme-empty, programme-incomplete (stories without sound, unless `gaps`), file-missing
 */
export async function build(bulletin: BulletinRecord, stories: readonly StoryRecord[], options: { library: Pick<LibraryRoom, 'get'>; pieces: Pieces; newId: () => string; gaps: boolean }): Promise<{ edl: Edl; sum: Sum; gaps: number }> {
  const { library, pieces, newId } = options
  const { template } = bulletin
  const withSounds = stories.map((story) => {
    const sounds = story.itemIds.map((itemId) => {
      const item = library.get(itemId)
      if (item === null || item.fileMissing === true) throw new AppError('file-missing', { data: { fileName: item?.title ?? story.title } })
      return factsOf(item)
    })
    return { id: story.id, title: story.title, script: story.script, sounds, image: story.image }
  })
  const [first] = withSounds
  if (first === undefined || withSounds.every(({ sounds }) => sounds.length === 0)) throw new AppError('programme-empty')
  const silent = withSounds.filter(({ sounds }) => sounds.length === 0)
  if (silent.length > 0 && !options.gaps) throw new AppError('programme-incomplete', { data: { count: silent.length, title: silent[0]?.title ?? '' } })
  const piece = async (one: Piece | null): Promise<SoundFacts | null> => (one === null ? null : factsOf(await pieces.need(one.sound), one.gainDb))
  const bed = template.bed === null ? null : await piece(template.bed)
  const { edl, sum } = assemble({
    stories: withSounds, template, intro: await piece(template.intro), jingle: await piece(template.jingle), outro: await piece(template.outro),
    bed: bed === null || template.bed === null ? null : { ...bed, fadeInMs: template.bed.fadeInMs, fadeOutMs: template.bed.fadeOutMs, crossfadeMs: template.bed.crossfadeMs },
    slot: { startsAtSec: bulletin.slot.startsAtSec, length: bulletin.slot.lengthSamples === null ? null : samples(bulletin.slot.lengthSamples) }, newId,
  })
  return { edl, sum, gaps: silent.length }
}
