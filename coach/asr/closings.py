"""The lines with which videos and subtitles end, which recognisers write for noise, music and silence.

Whisper was trained on subtitles. Where it hears nothing, it writes what subtitles say when nobody speaks: thanks for
watching, a request to subscribe, and who made the subtitles. Many users have reported the lines below. Nobody says them
in a talk of two people, so a sentence that is nothing else is dropped. What people do say is not among them: "thank
you", "thank you for listening", "see you next time".
"""

from __future__ import annotations

import re
import unicodedata

# on text in lower case without marks and punctuation; a language a line, and the credits of subtitles at the end
_LINES = (
    # English
    r"(thank you|thanks)( (so|very) much| all| everyone| guys)? for (watching|viewing|tuning in)",
    r"(thank you|thanks)( (so|very) much)? for (watching|viewing) (this|the|my|our) video",
    r"(please )?((do not|don t) forget to )?(like )?(share )?(and )?subscribe( to (my|the|our|this) channel.{0,30})?",
    r"(i will |ill )?see you (all |guys )?(in|on) (the|my|our) next (video|episode)",
    # German
    r"(vielen dank|danke( schon)?|herzlichen dank) (fur s|furs|fur das|fur) (zuschauen|zusehen|anschauen)",
    r"(bitte )?abonniert? (den|meinen|unseren) kanal.{0,30}|bis zum nachsten video",
    # French
    r"merci( beaucoup)?( a tous)? d ?avoir (regarde|visionne|suivi)( (cette|la|ma|ce) \w+)?",
    r"(n oubliez pas de vous abonner|abonnez vous)( .{0,40})?|a la prochaine video",
    # Spanish, Catalan
    r"(muchas )?gracias por (ver|vernos|mirar|visualizar|haber visto)( (el|este|mi|nuestro) (video|canal))?",
    r"(no olvides |no olviden )?suscrib(ete|anse|irte|irse)( .{0,40})?|(moltes )?gracies per (veure|mirar)( .{0,20})?",
    # Dutch
    r"(hartelijk |heel erg |dank je wel |dank u wel )?(bedankt )?voor het kijken|vergeet niet te abonneren.{0,30}",
    # Italian
    r"grazie (a tutti )?(per|di) (avere? (guardato|visto)|la visione|guardare)( (il|questo) (mio )?video)?",
    r"iscrivetevi al( mio| nostro)? canale",
    # Polish, Czech, Slovak
    r"(dziekuje|dziekujemy|dzieki) (bardzo )?za (ogladanie|obejrzenie|uwage)( .{0,20})?",
    r"(za)?subskrybuj(cie)?( .{0,30})?",
    r"(dekuji|dekujeme|dakujem|dakujeme) za (sledovani|sledovanie|pozornost)( .{0,20})?",
    # Portuguese, Romanian
    r"(muito )?obrigad[oa] (por|pela) (assistir(em)?|ver(em)?|acompanhar(em)?|audiencia)( (o|ao|este|esse) .{0,15})?",
    r"(se )?inscreva[m]?( ?se)? no( meu| nosso)? canal.{0,30}|ate o proximo video",
    r"multume?(sc|im) pentru (vizionare|urmarire)",
    # Swedish, Norwegian, Danish, Finnish
    r"tack (sa mycket )?for att (ni|du) (har )?titta(de|t)( .{0,20})?|takk for at (du|dere) (sa|fulgte)( pa| med)?",
    r"(mange )?tak (fordi|for at) (du|i) (sa|kiggede)( med| pa)?|kiitos (kun|etta) katso(it|itte)|kiitos katsomisesta",
    # Hungarian, Turkish, Greek
    r"koszonom hogy (megnez|nez)\w*( .{0,20})?|koszonom a figyelmet",
    r"izledig[iı]n[iı]z icin tesekkur(ler| ederim| ederiz)|abone olmay[iı] unutmay[iı]n.{0,30}",
    r"ευχαριστω (πολυ )?(που παρακολουθησατε|για την παρακολουθηση)",
    # Russian, Ukrainian
    r"(большое )?спасибо (вам )?за (просмотр|внимание)|подписываи(ся|тесь) на (мои |наш )?канал.{0,30}",
    r"продолжение следует|ставьте лаики.{0,40}|(щиро )?дякую за (перегляд|увагу)|далі буде",
    # Arabic, Hebrew, Hindi
    r"شكرا (لكم )?(للمشاهدة|لمشاهدتكم|(على|ل) ?(المشاهدة|مشاهدتكم|المتابعة))|اشتركوا في القناة.{0,30}",
    r"תודה (רבה )?(שצפיתם|על הצפייה)",
    r"(वीडियो )?देखने के लिए (आपका )?(बहुत )?धन्यवाद",
    # Indonesian, Vietnamese, Thai
    r"terima kasih (telah |sudah |kerana |karena )?menonton( .{0,20})?",
    r"cam on (cac ban )?(đa|da) (xem|theo doi)( .{0,30})?",
    r"(hay )?(subscribe|đang ky) (cho )?kenh.{0,60}|ขอบคุณ(ที่|สําหรับการ)?(รับชม|ติดตาม).{0,20}",
    # Chinese, Japanese, Korean
    r"(谢谢|感谢|謝謝|感謝|多谢|多謝)(大家|各位|您|你)?的?(观看|觀看|收看|收听|收聽).{0,15}",
    r"[请請]不吝[点點][赞贊讚].{0,40}|(记得|記得|欢迎|歡迎)?(订阅|訂閱).{0,20}",
    r"(最後まで)?ご[視清]聴(いただき|頂き)?(誠に)?ありがとうございま(した|す)|チャンネル登録.{0,30}",
    r"次の動画でお会いしましょう|(오늘도 )?(영상을? )?시청해 ?주셔서 (대단히 )?감사합니다|구독과? ?좋아요.{0,30}",
    r"다음 영상에서 (만나요|뵙겠습니다)|mbc 뉴스 .{1,12}입니다",
    # who made the subtitles, in any language
    r".{0,60}\bamara ?org\b.{0,40}|.{0,60}\bdimatorzok\b.{0,20}|.{0,20}\bauthorwave\b",
    r"((sub)?titles|subtitled|captions|transcri\w+) (provided )?by .{1,40}",
    r"untertitel(ung)? (der|des|von|vom|im auftrag|durch|fur) .{1,60}|(swr|wdr|ndr|zdf|ard) \d{4}",
    r"sous ?titr(es?|age)( (st|par|de|realises?|fait|societe|mfp|fr)\b.{0,50}| \d+)",
    r"sottotitoli (e revisione|creati|a cura|di|by) .{1,50}",
    r"subtitulos? (realizados?|por|de|creados?|hechos?) .{1,50}|(transcricao e )?legendas? (pela|por|de) .{1,40}",
    r"ondertitel(s|d|ing)? (ingediend|door|van|bij) .{1,50}|tv gelderland( \d{4})?",
    r"napisy (stworzone|wykonal|przygotowal)\w* .{1,50}|titulky (vytvoril|prelozil|od) .{1,40}|altyaz[iı] m k",
    r"(under)?tekst(er|et|ning) (av|af|fra) .{1,40}|undertext(er)? (fran|av) .{1,40}",
    r"субтитры (сделал|делал|создавал|подготовил|добавил|подогнал)\w* .{1,40}|субтитри .{1,40}",
    r"редактор субтитров .{1,60}",
    r"字幕(由|志愿者|志願者|制作|製作|提供|组|組|by).{0,40}|자막 ?(제공|제작|by).{0,30}|ترجمة نانسي قنقر",
)
_CLOSING = re.compile("|".join(f"(?:{line})" for line in _LINES))
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])\s*|\n+")


def is_closing(sentence: str) -> bool:
    """Whether `sentence` is nothing but such a line.

    >>> is_closing("Vielen Dank fürs Zuschauen!")
    True
    >>> is_closing("Thank you for listening.")
    False
    """
    return bool(_CLOSING.fullmatch(_plain(sentence)))


def sentences(text: str) -> list[str]:
    """The sentences of `text`, in scripts with and without blanks between them."""
    return [sentence for sentence in _SENTENCES.split(text) if sentence.strip()]


def _plain(sentence: str) -> str:
    """In lower case, without accents on Latin, Greek and Cyrillic letters, and with blanks for punctuation."""
    spread = unicodedata.normalize("NFKD", sentence.casefold())
    letters = "".join(char for char in spread if not "\u0300" <= char <= "\u036f")
    whole = unicodedata.normalize("NFC", letters)
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in whole)
    return " ".join("".join(kept).replace("'", " ").split())
