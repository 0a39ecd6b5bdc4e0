import type { Item } from '#contract/library.ts'

export interface DemoScript {
  readonly title: string
  readonly kind: Item['kind']
  readonly voice: 'vi' | 'vi-vn-x-central' | 'vi-vn-x-south'
  readonly text: string
  readonly tags: readonly string[]
  /** Absent = made here. */
  readonly origin?: Item['origin']
  /** Entertainment: not what the quota calls essential. */
  readonly isExtra?: true
  /** Left as a draft, so that the approval step has something to show. */
  readonly draft?: true
}

/** Written for the demo; spoken by the offline voice. */
export const demoScripts: readonly DemoScript[] = [
  { title: 'Bản tin sáng: tình hình trong xã', kind: 'programme', voice: 'vi', tags: ['bản tin', 'sáng'], text: 'Kính chào bà con. Đây là bản tin sáng của Trung tâm Truyền thanh liên xã Hưng Phước. Sáng nay các thôn bắt đầu thu hoạch lúa vụ đông xuân. Hợp tác xã bố trí bốn máy gặt đập, làm lần lượt từ thôn An Cửu đến thôn Háo Lễ. Đề nghị bà con đắp bờ, tháo nước trước hai ngày để máy xuống ruộng thuận lợi. Trạm y tế xã tiêm chủng cho trẻ em từ bảy giờ ba mươi phút ngày thứ năm. Bà con nhớ mang theo sổ tiêm. Kính chúc bà con một ngày làm việc vui khỏe.' },
  { title: 'Lịch cắt nước tưới kênh N1', kind: 'speech', voice: 'vi-vn-x-central', tags: ['nông nghiệp', 'thông báo'], text: 'Thông báo của hợp tác xã nông nghiệp. Từ sáu giờ sáng thứ bảy đến mười hai giờ trưa chủ nhật, kênh N một ngừng cấp nước để nạo vét. Bà con có ruộng dọc kênh chủ động lấy nước trước chiều thứ sáu. Xin cảm ơn.' },
  { title: 'Hướng dẫn phòng sốt xuất huyết', kind: 'speech', voice: 'vi', tags: ['y tế'], text: 'Mùa mưa là lúc muỗi sinh sôi. Mỗi gia đình dành mười lăm phút mỗi tuần lật úp chum vại không dùng, thả cá vào bể nước, ngủ màn cả ban ngày. Khi sốt cao liên tục từ hai ngày trở lên, hãy đến trạm y tế, không tự ý truyền dịch tại nhà.' },
  { title: 'Giá nông sản tại chợ huyện', kind: 'speech', voice: 'vi-vn-x-south', tags: ['giá cả', 'nông nghiệp'], text: 'Giá nông sản sáng nay. Lúa tươi tại ruộng tám nghìn đồng một ký. Dừa khô bảy mươi nghìn đồng một chục. Heo hơi sáu mươi hai nghìn đồng một ký. Giá có thể thay đổi tùy nơi mua và chất lượng hàng.' },
  { title: 'Chuyên mục pháp luật: đội mũ bảo hiểm', kind: 'programme', voice: 'vi', tags: ['pháp luật', 'an toàn giao thông'], text: 'Chuyên mục pháp luật và đời sống. Người ngồi trên xe máy, kể cả trẻ em từ sáu tuổi, phải đội mũ bảo hiểm cài quai đúng cách. Mũ đạt chuẩn có ba lớp, có tem kiểm định. Một chiếc mũ tốt rẻ hơn nhiều so với một lần nằm viện. Hẹn gặp lại bà con trong chuyên mục tuần sau.' },
  { title: 'Bản tin chiều liên xã', kind: 'programme', voice: 'vi', tags: ['bản tin', 'chiều'], text: 'Kính chào bà con. Bản tin chiều có những nội dung sau. Ủy ban nhân dân xã Phước Quang họp bàn việc sửa tuyến đường liên thôn Định Thiện, Luật Lễ, dự kiến khởi công đầu tháng tới. Đoàn thanh niên xã Hưng Nghĩa thu gom hơn một tấn rác dọc bờ sông. Phường Bình Lợi mời các hộ kinh doanh dự lớp hướng dẫn kê khai thuế, mười chín giờ tối mai tại hội trường tổ dân phố hai. Bản tin chiều đến đây là hết. Xin chào và hẹn gặp lại.' },
  { title: 'Nông thôn mới: đường hoa thôn Phục Thiện', kind: 'programme', voice: 'vi-vn-x-central', tags: ['nông thôn mới'], text: 'Chuyên mục nông thôn mới. Sáng chủ nhật hằng tuần, phụ nữ thôn Phục Thiện cùng nhau làm cỏ, trồng hoa dọc tám trăm mét đường thôn. Sau ba tháng, đoạn đường đã có hàng rào xanh, đèn chiếu sáng và thùng rác phân loại. Cách làm rất giản dị: mỗi nhà nhận chăm mười mét trước ngõ, tổ trưởng đi xem vào chiều thứ sáu.' },
  { title: 'Văn nghệ: ca dao quê mình', kind: 'programme', voice: 'vi-vn-x-south', tags: ['văn nghệ'], isExtra: true, text: 'Chương trình văn nghệ xin gửi tới bà con mấy câu ca dao về đồng ruộng. Ơn trời mưa nắng phải thì, nơi thì bừa cạn, nơi thì cày sâu. Công lênh chẳng quản lâu đâu, ngày nay nước bạc, ngày sau cơm vàng. Ai ơi đừng bỏ ruộng hoang, bao nhiêu tấc đất, tấc vàng bấy nhiêu.' },
  { title: 'Tin tỉnh: chuẩn bị mùa mưa bão', kind: 'programme', voice: 'vi', tags: ['tin tỉnh'], origin: 'tiep-song-tinh', text: 'Tin từ đài tỉnh. Các hồ chứa trên địa bàn tỉnh bắt đầu hạ mực nước đón lũ. Các địa phương rà soát nhà ở vùng trũng, bố trí điểm sơ tán và kiểm tra hệ thống loa trước ngày mười lăm.' },
  { title: 'Bốn phương: trồng lúa tiết kiệm nước', kind: 'programme', voice: 'vi', tags: ['quốc tế'], origin: 'nuoc-ngoai', isExtra: true, text: 'Chuyện bốn phương. Ở nhiều nước trồng lúa, nông dân để ruộng khô nước xen kẽ thay vì ngập suốt vụ. Cách này bớt được một phần ba lượng nước mà năng suất không giảm. Mấu chốt là một ống nhựa cắm xuống ruộng để nhìn mực nước ngầm.' },
  { title: 'Phòng tránh bão: chằng chống nhà cửa', kind: 'speech', voice: 'vi-vn-x-central', tags: ['thiên tai'], text: 'Trước khi bão vào, bà con chặt bớt cành cây gần nhà, buộc mái tôn bằng dây neo xuống cọc, dùng bao cát nặng mười lăm ký đè mái, mỗi bao cách nhau một mét rưỡi. Sạc đầy điện thoại, trữ nước uống cho ba ngày và biết trước điểm sơ tán của thôn mình.' },
  { title: 'Mời họp thôn Biểu Chánh', kind: 'speech', voice: 'vi-vn-x-central', tags: ['thông báo'], draft: true, text: 'Ban nhân dân thôn Biểu Chánh kính mời đại diện các hộ dự họp lúc mười chín giờ tối thứ bảy tại nhà văn hóa thôn. Nội dung gồm góp ý quy ước thôn và bình xét gia đình văn hóa. Mong bà con đến đông đủ.' },
  { title: 'Lời báo: nước sông lên nhanh', kind: 'message', voice: 'vi', tags: ['khẩn cấp'], text: 'Khẩn cấp. Nước sông đang lên nhanh. Bà con ở vùng trũng ven sông di chuyển ngay đến nơi cao, mang theo thuốc, đèn và nước uống. Không lội qua ngầm, không ra bờ sông. Nghe theo hướng dẫn của lực lượng tại chỗ.' },
  { title: 'Lời báo: bão gần bờ', kind: 'message', voice: 'vi', tags: ['khẩn cấp'], text: 'Khẩn cấp. Bão đang vào gần bờ, gió rất mạnh. Bà con ở yên trong nhà kiên cố, tránh xa cửa sổ, cắt điện khi nước vào nhà. Thuyền bè không ra khơi. Chờ thông báo tiếp theo.' },
]

/** What the demo opens with, seconds after it is filled; the days that follow are planned from the week grid. */
export const openingTitles = ['ident', 'Bản tin chiều liên xã', 'Giá nông sản tại chợ huyện', 'Chuyên mục pháp luật: đội mũ bảo hiểm', 'music'] as const

export interface DemoStory {
  readonly title: string
  readonly reader: string
  readonly voice: DemoScript['voice']
  readonly text: string
  /** The picture of the demo stands on the boards while it sounds. */
  readonly hasPicture?: true
}
/** Put together into a project, not yet rendered: the rest of the way is for who tries it. Five minutes from 17:00. */
export const demoBulletin: { readonly title: string; readonly startsAtSec: number; readonly lengthSamples: number; readonly stories: readonly DemoStory[] } = {
  title: 'Bản tin 17 giờ liên xã Hưng Phước', startsAtSec: 17 * 3_600, lengthSamples: 5 * 60 * 48_000,
  stories: [
    { title: 'Vào vụ gặt đông xuân', reader: 'Lê Thị Mai', voice: 'vi', hasPicture: true, text: 'Kính chào bà con. Mở đầu bản tin là việc đồng áng. Đến chiều nay, ba xã trong cụm đã gặt xong hơn một nửa diện tích lúa đông xuân. Hợp tác xã Phước Hưng nhận thêm hai máy gặt đập từ ngày mai. Bà con đăng ký lịch máy với trưởng thôn trước tám giờ tối.' },
    { title: 'Sửa đường liên thôn Định Thiện, Luật Lễ', reader: 'Trần Văn Lộc', voice: 'vi-vn-x-central', text: 'Từ sáng thứ hai, đoạn đường liên thôn từ Định Thiện đi Luật Lễ rào một bên để sửa. Xe máy đi chậm, xe tải đi vòng qua cầu Háo Lễ. Công việc dự kiến kéo dài mười ngày.' },
    { title: 'Tiêm chủng cho trẻ em', reader: 'Lê Thị Mai', voice: 'vi-vn-x-south', text: 'Trạm y tế xã Phước Quang tiêm chủng cho trẻ từ hai đến hai mươi bốn tháng tuổi lúc bảy giờ ba mươi phút sáng thứ năm. Gia đình mang theo sổ tiêm và ở lại theo dõi ba mươi phút.' },
    { title: 'Nhắc phòng cháy mùa khô', reader: 'Trần Văn Lộc', voice: 'vi', text: 'Trời hanh khô, gió mạnh về chiều. Bà con không đốt rơm rạ gần nhà và ven rừng, khóa bình ga sau khi nấu. Thấy cháy, gọi ngay một một bốn. Bản tin đến đây là hết. Xin chào bà con.' },
  ],
}
