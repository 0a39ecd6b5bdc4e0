import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fillBulletin } from '../../../main/station/demo/bulletin.ts'
import { DemoPerson } from '../../../main/station/demo/person.ts'
import { startDemo } from '../../../main/station/demo/index.ts'
import { openEditor } from '../../../main/station/editor/index.ts'
import { openProgramme } from '../../../main/station/programme/index.ts'
import { openScreens } from '../../../main/station/screens/index.ts'
import { openSpeech } from '../../../main/station/speech/index.ts'
import { callRoom } from '../../support/context.ts'
import { openLibraryBench } from '../../support/library-room.ts'

describe('the bulletin of the demo area', () => {
  it('has stories with scripts, spoken voices and a picture, is put together into a project, and is there once', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, media } = bench
    const speech = await openSpeech(ctx, { media })
    const editor = await openEditor(ctx, { library, media })
    const nobody = { devices: () => [], resolve: () => ({ deviceIds: [], groups: [] }), publishLetter: () => Promise.reject(new Error('no screens here')), addContent: () => Promise.reject(new Error('no screens here')) }
    const screens = openScreens(ctx, { devices: nobody })
    const programme = openProgramme(ctx, { library, editor, hasImage: screens.hasImage })
    const rooms = [library, editor, programme, screens]
    await fillBulletin(ctx, { rooms, library, speech }, new DemoPerson(rooms, null))

    const { bulletins } = await callRoom(programme, 'programme.list', {})
    expect(bulletins).toMatchObject([{ title: 'Bản tin 17 giờ liên xã Hưng Phước', stories: 4, estimated: false, slot: { startsAtSec: 61_200, lengthSamples: 14_400_000 } }])
    const bulletin = await callRoom(programme, 'programme.open', { bulletinId: bulletins[0]?.id ?? '' })
    for (const story of bulletin.stories) {
      expect(story.script.length, story.title).toBeGreaterThan(80)
      expect(story.sounds, story.title).toMatchObject([{ title: story.title, missing: false }])
      expect(story.sounds[0]?.lengthSamples).toBeGreaterThan(5 * 48_000)
    }
    expect(bulletin.stories.filter(({ image }) => image !== null && screens.hasImage(image)).length).toBe(1)
    const { edl } = await editor.edlOf(bulletin.projectId ?? '')
    expect(edl.lanes.flatMap(({ clips }) => clips).length).toBeGreaterThanOrEqual(5)
    expect(edl.markers.map(({ label }) => label)).toEqual(expect.arrayContaining(bulletin.stories.map(({ title }) => title)))
    expect(bulletins[0]?.lengthSamples).toBeLessThan(14_400_000)

    // A second start finds its mark and adds nothing.
    writeFileSync(join(ctx.folders.root, 'demo.json'), '{}')
    await startDemo(ctx, { rooms, library, speech, devicesUrl: () => null })
    const items = library.list().length
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect((await callRoom(programme, 'programme.list', {})).bulletins.length).toBe(1)
    expect(library.list().length).toBe(items)
    expect(existsSync(join(ctx.folders.temp, 'demo-slide.png'))).toBe(false)
  })
})
