import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dateAt } from '#common/timing/zone.ts'
import type { StationContext } from '../context.ts'
import { offsetOf } from '../foundation/zones.ts'
import type { DemoDeps } from './fill.ts'
import type { DemoPerson } from './person.ts'
import { drawPoster } from './picture.ts'
import { demoBulletin } from './scripts.ts'

/** A bulletin as an editor leaves it in the afternoon: stories with scripts, voices and a picture, put together into a project, to be rendered and approved. */
export async function fillBulletin(ctx: StationContext, deps: DemoDeps, person: DemoPerson): Promise<void> {
  const who = { personId: person.caller.personId, name: person.caller.name }
  const path = join(ctx.folders.temp, 'demo-slide.png')
  writeFileSync(path, drawPoster())
  const { sha256: image } = await person.do('screens.importImage', { path }).finally(() => rmSync(path, { force: true }))
  let bulletin = await person.do('programme.create', {
    title: demoBulletin.title, broadcastDate: dateAt(ctx.clock.now(), offsetOf(ctx.settings.get().zone)), slot: { startsAtSec: demoBulletin.startsAtSec, lengthSamples: demoBulletin.lengthSamples }, templateId: null,
  })
  for (const story of demoBulletin.stories) {
    const spoken = await deps.speech.synthesize({ text: story.text, voice: story.voice })
    const item = await deps.library.importFile(spoken.path, { who, title: story.title, kind: 'speech' }).item
    bulletin = await person.do('programme.addStory', {
      bulletinId: bulletin.id, afterStoryId: bulletin.stories.at(-1)?.id ?? null, title: story.title, script: story.text, reader: story.reader, itemIds: [item.id], image: story.hasPicture === true ? image : null,
    })
  }
  await person.do('programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into: 'new', gaps: false })
}
