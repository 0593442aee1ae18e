### عبارات ثابتة. الموقَّع هو الرمز والقيم، وهذه الجمل للقراءة.

phrase-accident-no-attack = وقع حادث. المكان: { $place }. هذا ليس هجوماً.
phrase-cease-fire-from = نوقف إطلاق النار. المكان: { $place }. البداية: { $time }.
phrase-convoy-leaves = تنطلق قافلة. المكان: { $place }. الوقت: { $time }. عدد المركبات: { $count }.
phrase-evacuate-wounded = نُجلي الجرحى. المكان: { $place }. البداية: { $from }. النهاية: { $until }.
phrase-fire-hits-us = نيرانكم تصيبنا. المكان: { $place }.
phrase-hold-fire-until = لن نطلق النار. المكان: { $place }. حتى: { $time }.
phrase-line-silent = سيصمت هذا الخط. البداية: { $from }. النهاية: { $until }. هذا ليس هجوماً.
phrase-mines-at = توجد ألغام. المكان: { $place }.
phrase-recover-the-dead = ننتشل القتلى. المكان: { $place }. البداية: { $from }. النهاية: { $until }.
phrase-speak-now = نطلب التحدث صوتاً الآن.
phrase-test-launch = نطلق صاروخاً على سبيل التجربة. المكان: { $place }. الوقت: { $time }.
