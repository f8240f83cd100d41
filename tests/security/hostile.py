"""What a hostile or absurd record may hold, and where it can put it."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

#: columns of free text that an agreement prints
COLUMNS: Final = (
    "Prénom",
    "Nom",
    "Adresse",
    "Ville",
    "Objet",
    "Diligences",
    "Exclusions",
    "Calendrier",
    "Débours",
)

#: printed as they are: to a reader they are only odd
ODD: Final = (
    "<w:p><w:r><w:t>Clause ajoutée</w:t></w:r></w:p>",
    "</w:t></w:r></w:p><w:p><w:r><w:t>Clause ajoutée",
    "</w:sdtContent></w:sdt> ]]> <![CDATA[x]]> <!-- x --> <?xml version='1.0'?>",
    "<script>alert(1)</script> <b>gras</b> <img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp;amp; &#8238; &nbsp; %3Cb%3E",
    "{s1|signature|180|60} [[s1|signature|180|60]] \\s1\\ /sn1/",
    "{ PAGE } { INCLUDETEXT /etc/passwd } DDEAUTO c:\\\\windows\\\\system32\\\\calc.exe",
    '=HYPERLINK("http://x.example";"ici") @SUM(1+1)*cmd|\' /C calc\'!A0',
    "${jndi:ldap://x.example/a} $(reboot) `reboot` '; DROP TABLE conventions; --",
    "_x000D_ _x202E_ \\u202e \\r\\n %n%s %00 ../../etc/passwd",
    "{ % if x % } { { client.nom } } {_{ 7*7 }_}",
    "Cafe\u0301 de l'E\u0301toile, n\u0303, a\u030a",
    "Gwenaëlle Œuvré-Nuñez d'Aÿ, Łódź, Ağrı, Nguyễn Thị Ánh",
    "Москва, Ελλάδα, ŉ ǆ ß İ ½ ² ﬁ",
    "zero\u200bwidth\u200djoined\u2060word\ufeffmark\u00adsoft",
    "tab\tand\x0bvertical\x07bell\x1b[31mred",
    "«\u202fespaces\u00a0fines\u202f»  et   doubles",
    "mot" * 60,
    "10 000 € TTC, soit 0 € : aucun honoraire n'est dû [x]",
    "Annexe R2 Formulaire de rétractation, quatorze jours",
)
#: refused by name
REFUSED: Final = (
    "{{ client.nom }}",
    "{{ 7*7 }}",
    "{%p if x %}x{%p endif %}",
    "{# note #}",
    "{{s1|signature|180|60}}",
    "{\u200b{ client.nom }\u200b}",
    "x\u202ecod.exe",
    "x\u2066y\u2069",
    "משרד",
    "شركة المحاماة",
    "x\ud800y",
    "\udfff",
    "x\ue000y",
    "x" * 10_000,
    "\u202e",
)
#: taken or refused according to the fonts and the column
EITHER: Final = (
    "😀",
    "｛｛ client.nom ｝｝",
    "👩\u200d⚖️ Maître",
    "中村法律事務所",
    "𝟙Ⅷ٣",
    "Z\u0310a\u0334l\u0329g\u0358o",
    "\u0301" * 30,
    "\ufdd0",
    "\U000e0041",
)

hostile = st.one_of(
    st.sampled_from((*ODD, *REFUSED, *EITHER)),
    st.lists(st.sampled_from((*ODD, *REFUSED[:-2], *EITHER)), min_size=2, max_size=3).map(" ".join),
    st.text(st.characters(codec=None), min_size=1, max_size=80),
    st.text(st.sampled_from("{}%#|<>&;'\"\\/[]\u200b\u202e\u0301\n\t ab1"), min_size=1, max_size=40),
)
#: what fonts can print: letters of Europe, signs, spaces, marks
printable = st.one_of(
    st.sampled_from(ODD),
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc"]),
        min_size=1,
        max_size=80,
    ),
    st.text(st.sampled_from("{}%#|<>&;'\"\\/[]\u200b\u0301\n\t ab1éŁЖΩ€…–’"), min_size=1, max_size=40),
)
