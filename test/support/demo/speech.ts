import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { runEspeak } from '../../../main/station/speech/espeak/run.ts'

const firstText = 'Kính chào bà con. Đây là bản tin của Trung tâm Truyền thanh liên xã. Chiều nay các thôn dọn vệ sinh đường làng, khơi thông cống rãnh trước mùa mưa. Mỗi gia đình cử một người tham gia, tập trung tại nhà văn hóa lúc mười lăm giờ. Xin cảm ơn bà con đã lắng nghe.'
const secondText = 'Thông báo của trạm y tế. Sáng thứ năm, từ bảy giờ ba mươi phút, trạm tiêm chủng cho trẻ em dưới hai tuổi. Phụ huynh nhớ mang theo sổ tiêm và cho trẻ ăn trước khi đến. Trẻ đang sốt thì hẹn lại tuần sau. Sau khi tiêm, cho trẻ ở lại ba mươi phút để theo dõi. Mọi thắc mắc xin gọi trạm y tế xã. Trân trọng thông báo.'

export interface DemoSpeech {
  /** WAV for the microphone. */
  readonly first: string
  /** A second item, imported as a file. */
  readonly second: string
  readonly secondTitle: string
}

/** The given recording, or the built-in sample spoken by the offline voice. */
export async function makeSpeech(folder: string, given: string | null): Promise<DemoSpeech> {
  const first = join(folder, 'loi-doc.wav')
  const secondTitle = 'Thong bao tiem chung'
  const second = join(folder, `${secondTitle}.wav`)
  const signal = AbortSignal.timeout(120_000)
  if (given === null) await runEspeak(firstText, first, { voice: 'vi', speed: 1, signal })
  else copyFileSync(given, first)
  await runEspeak(secondText, second, { voice: 'vi-vn-x-south', speed: 1, signal })
  return { first, second, secondTitle }
}
