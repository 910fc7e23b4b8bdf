"""What people write to each other in an invented dossier, in every script and with every trick."""

NOTICE = """SOMASI / TEGURAN PERTAMA

Kepada Yth. Bapak R.M. Suryo Hadikusumo
di Sleman, Daerah Istimewa Yogyakarta

Dengan hormat,
Untuk dan atas nama klien kami, PT Mekar Lestari Abadi, berdasarkan Surat Kuasa Khusus tanggal 3 November \
2026, dengan ini kami sampaikan teguran atas kewajiban Bapak menurut Perjanjian Sewa Menyewa Ruko Nomor \
17/PSM/MLA/2025 tanggal 14 Januari 2025 sebagai berikut.

1. Sewa untuk bulan Agustus, September dan Oktober 2026, seluruhnya Rp187.500.000,00 (seratus delapan puluh \
tujuh juta lima ratus ribu rupiah), belum kami terima sampai tanggal surat ini.
2. Menurut Pasal 6 ayat (2) Perjanjian, keterlambatan lebih dari 60 (enam puluh) hari memberi hak kepada \
klien kami untuk mengakhiri Perjanjian setelah teguran tertulis.
3. Kami minta kewajiban tersebut diselesaikan selambat-lambatnya 14 (empat belas) hari sejak teguran ini.

Surat lengkap terlampir. Mohon pilih salah satu tombol di bawah agar kami tahu bahwa pesan ini sampai kepada \
Bapak sendiri."""

LONG = (
    "Menindaklanjuti pertemuan hari Rabu, kami rangkum pokok-pokoknya. Pertama, mengenai dasar gugatan: penyewa tidak "
    "menyangkal adanya perjanjian, tetapi mendalilkan bahwa atap bocor sejak bulan Juni sehingga sebagian ruang "
    "tidak dapat dipakai. Kedua, mengenai bukti: foto yang Bapak kirim perlu dilengkapi dengan tanggal dan keterangan "
    "siapa yang mengambilnya. Ketiga, mengenai jadwal: mediasi pertama di Pengadilan Negeri Sleman direncanakan "
    "tanggal 9 Desember 2026 pukul 09.00 WIB. "
) * 3

OUT = (
    "Selamat pagi, Pak Suryo. Kami dari Kantor Hukum Wiratama & Rekan.",
    "Baik, dokumen sudah kami terima dan sedang kami periksa. Terima kasih 🙏🏽",
    LONG,
    "Mohon kirim salinan kuitansi bulan Juli:\n- kuitansi asli\n- bukti transfer\n"
    "#catatan: jangan dipotong; $100 * 2 = [200] @ref <x> \\n",
    "Tautan ruang sidang elektronik: https://contoh.example.id/sidang/2026/11/"
    + "a7f3e9" * 30
    + "?ruang=3&token="
    + "9" * 60,
    "Jadwal berubah: Selasa, 1 Desember 2026, pukul 10.30 WIB.",
)

IN = (
    "Selamat pagi, Bu. Saya sudah baca suratnya, nanti saya bicarakan dengan istri dulu.",
    "👨‍👩‍👧‍👦 kami sekeluarga setuju 👍🏿 🇮🇩 ❤️",
    "السلام عليكم ورحمة الله وبركاته، موعدنا يوم 25 ديسمبر إن شاء الله.",
    "您好，租金已于十月三十日汇出，请查收。谢谢！",
    "ꦱꦸꦒꦼꦁ ꦫꦮꦸꦃ (sugeng rawuh)",
    "Nomor rekening: \u202e0987654321\u202c, jangan salah ya",
    "tes\x00kosong \ue000\uf8ff dan \u200b nol lebar, tab\tdi sini, \ufeff tanda",
    "ok",
    "Bukan begitu maksud saya. Saya TIDAK pernah menandatangani adendum itu; "
    "yang saya tanda tangani hanya berita acara serah terima kunci.",
)

PEOPLE = ("R.M. Suryo Hadikusumo", "Ny. Sri Rahayu binti Ahmad Dahlan", "林美玲 (Lim Bie Ling)", "عبد الرحمن باسويدان")
