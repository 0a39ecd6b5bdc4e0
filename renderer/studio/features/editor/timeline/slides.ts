import { fileUrl } from '../../../app/station-client/index.ts'

const MAX_KEPT = 40

/** Small pictures of slides, fetched when they are first seen. */
export class SlidePictures {
  private readonly pictures = new Map<string, HTMLImageElement | 'missing'>()
  private readonly came: () => void

  constructor(came: () => void) {
    this.came = came
  }

  /** Null while it is being fetched, and for a slide without a picture. */
  readonly of = (slideId: string): HTMLImageElement | null => {
    const known = this.pictures.get(slideId)
    if (known === 'missing') return null
    if (known !== undefined) return known.complete && known.naturalWidth > 0 ? known : null
    const image = new Image()
    image.onload = this.came
    image.onerror = () => void this.pictures.set(slideId, 'missing')
    image.src = fileUrl('image', slideId)
    this.pictures.set(slideId, image)
    if (this.pictures.size > MAX_KEPT) for (const first of this.pictures.keys()) {
      this.pictures.delete(first)
      break
    }
    return null
  }
}
