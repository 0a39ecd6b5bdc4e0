/** Units as written after a number. Longest first where one begins another. */
export const units: Readonly<Record<string, string>> = {
  'km/h': 'ki-lô-mét một giờ', 'km/giờ': 'ki-lô-mét một giờ', 'm/s': 'mét một giây', 'm3/s': 'mét khối một giây', 'm³/s': 'mét khối một giây', 'mm/h': 'mi-li-mét một giờ', 'kg/ha': 'ki-lô-gam một héc-ta', 'tạ/ha': 'tạ một héc-ta', 'tấn/ha': 'tấn một héc-ta',
  'đồng/kg': 'đồng một ki-lô-gam', 'đ/kg': 'đồng một ki-lô-gam', 'km2': 'ki-lô-mét vuông', 'km²': 'ki-lô-mét vuông', 'm2': 'mét vuông', 'm²': 'mét vuông', 'm3': 'mét khối', 'm³': 'mét khối', '°C': 'độ xê', 'ºC': 'độ xê', '°N': 'độ vĩ bắc', '°S': 'độ vĩ nam', '°E': 'độ kinh đông', '°W': 'độ kinh tây',
  '°': 'độ', '%': 'phần trăm', '‰': 'phần nghìn', 'kWh': 'ki-lô-oát giờ', 'kW': 'ki-lô-oát', 'MW': 'mê-ga-oát', 'kV': 'ki-lô-vôn', 'km': 'ki-lô-mét', 'cm': 'xen-ti-mét', 'mm': 'mi-li-mét', 'kg': 'ki-lô-gam', 'mg': 'mi-li-gam', 'ml': 'mi-li-lít', 'ha': 'héc-ta', 'm': 'mét', 'g': 'gam', 'l': 'lít',
  'VNĐ': 'đồng', 'VND': 'đồng', 'đ': 'đồng', 'USD': 'đô la Mỹ',
}

export const documentTypes: Readonly<Record<string, string>> = {
  TT: 'Thông tư', KH: 'Kế hoạch', QĐ: 'Quyết định', NQ: 'Nghị quyết', NĐ: 'Nghị định', CT: 'Chỉ thị', CV: 'Công văn', TB: 'Thông báo', BC: 'Báo cáo', HD: 'Hướng dẫn', CĐ: 'Công điện', TTr: 'Tờ trình', GM: 'Giấy mời', L: 'Luật',
}

/** Bodies that issue documents, as they stand behind the dash of a number. */
export const issuers: Readonly<Record<string, string>> = {
  BTTTT: 'Bộ Thông tin và Truyền thông', BVHTTDL: 'Bộ Văn hóa, Thể thao và Du lịch', BNNMT: 'Bộ Nông nghiệp và Môi trường', BYT: 'Bộ Y tế', BGDĐT: 'Bộ Giáo dục và Đào tạo', BTC: 'Bộ Tài chính', BCA: 'Bộ Công an', BQP: 'Bộ Quốc phòng', BNV: 'Bộ Nội vụ', BKHCN: 'Bộ Khoa học và Công nghệ',
  CP: 'Chính phủ', TTg: 'Thủ tướng Chính phủ', UBND: 'Ủy ban nhân dân', HĐND: 'Hội đồng nhân dân', BCH: 'Ban Chỉ huy', VPCP: 'Văn phòng Chính phủ', TU: 'Tỉnh ủy', QH: 'Quốc hội', STTTT: 'Sở Thông tin và Truyền thông', SVHTT: 'Sở Văn hóa và Thể thao',
}

/** Whole words; those ending with a dot are written with it. */
export const abbreviations: Readonly<Record<string, string>> = {
  'PCTT&TKCN': 'Phòng chống thiên tai và Tìm kiếm cứu nạn', 'NN&PTNT': 'Nông nghiệp và Phát triển nông thôn', 'TT&TT': 'Thông tin và Truyền thông', 'VH-TT': 'Văn hóa và Thể thao', 'GD&ĐT': 'Giáo dục và Đào tạo',
  UBND: 'Ủy ban nhân dân', HĐND: 'Hội đồng nhân dân', UBMTTQ: 'Ủy ban Mặt trận Tổ quốc', MTTQ: 'Mặt trận Tổ quốc', BCH: 'Ban Chỉ huy', BCĐ: 'Ban Chỉ đạo', PCTT: 'Phòng chống thiên tai', TKCN: 'Tìm kiếm cứu nạn', PCCC: 'Phòng cháy chữa cháy', CSGT: 'Cảnh sát giao thông',
  HTX: 'Hợp tác xã', THCS: 'trung học cơ sở', THPT: 'trung học phổ thông', BHYT: 'bảo hiểm y tế', BHXH: 'bảo hiểm xã hội', ATNĐ: 'áp thấp nhiệt đới', KTTV: 'khí tượng thủy văn', ATGT: 'an toàn giao thông', ATTP: 'an toàn thực phẩm', NTM: 'nông thôn mới', DTTS: 'dân tộc thiểu số', CCCD: 'căn cước công dân', TDP: 'tổ dân phố', KDC: 'khu dân cư', CLB: 'câu lạc bộ',
  'TP.': 'thành phố', 'TP': 'thành phố', 'TX.': 'thị xã', 'TT.': 'thị trấn', 'Q.': 'quận', 'H.': 'huyện', 'P.': 'phường', 'X.': 'xã', 'ĐT': 'điện thoại', 'SĐT': 'số điện thoại', 'GS.': 'giáo sư', 'TS.': 'tiến sĩ', 'BS.': 'bác sĩ', 'v.v.': 'vân vân', 'v.v': 'vân vân',
}

export const roads: Readonly<Record<string, string>> = { QL: 'Quốc lộ', TL: 'Tỉnh lộ', ĐT: 'Đường tỉnh', HL: 'Hương lộ', ĐH: 'Đường huyện' }
