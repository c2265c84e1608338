/** Files that the e-mail provider takes as attachments: the list of the reference, appendix B of its contract. */
const subtypes = {
  application: [
    "epub+zip gzip json msword ogg onenote pdf rtf xml zip x-7z-compressed x-rar-compressed x-tar vnd.visio",
    "vnd.ms-excel vnd.ms-excel.sheet.binary.macroEnabled.12 vnd.ms-excel.sheet.macroEnabled.12",
    "vnd.ms-fontobject vnd.ms-outlook vnd.ms-publisher vnd.ms-word.document.macroEnabled.12",
    "vnd.ms-powerpoint vnd.ms-powerpoint.presentation.macroEnabled.12",
    "vnd.ms-powerpoint.slideshow.macroEnabled.12",
    "vnd.openxmlformats-officedocument.presentationml.presentation",
    "vnd.openxmlformats-officedocument.presentationml.slideshow",
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vnd.openxmlformats-officedocument.wordprocessingml.document",
  ],
  audio: ["aac midi mpeg ogg opus wav webm x-ms-wma"],
  video: ["3gpp 3gpp2 mp4 mpeg ogg webm x-ms-wmv x-msvideo"],
  image: ["bmp gif jpeg png svg+xml tiff vnd.microsoft.icon webp"],
  font: ["otf ttf woff woff2"],
  text: ["calendar csv plain xml"],
} as const;

const accepted = new Set(
  Object.entries(subtypes).flatMap(([type, lines]) =>
    lines.flatMap((line) => line.split(" ")).map((subtype) => `${type}/${subtype}`.toLowerCase()),
  ),
);

/** Whatever its letter case. */
export const isAttachable = (mimeType: string): boolean => accepted.has(mimeType.toLowerCase());
