"""What is left in a public text by which somebody could be known."""

from time import process_time

import pytest

from concerns.giveaways import Kind, giveaways

pytestmark = pytest.mark.once

ORIGINAL = (
    "Кошунам Асел Токтосунова мектептин жанындагы чырак күйбөйт деп үч жумадан бери"
    " айтып жүрөт, эч ким келип оңдогон жок."
)
IDENTITY = ["Айда Сыдыкова"]


def test_a_long_word_is_looked_through_in_one_way():
    # In many ways at once, it would be looked through until the end of the days.
    assert giveaways("Ленин көч. " + "үй" * 2000 + "дом" * 2000) == []


def kinds(text, **given):
    return {found.kind for found in giveaways(text, **given)}


TELLS = {
    Kind.PHONE: [
        "Чалыңыз: 0555 123 456",
        "+996 555 12-34-56 номери",
        "тел. 555123456",
        "звонить 0 (312) 66 00 00",
        "телефон 5-12-34",
        "номер 700 12 34 56.",
        "тел: 996 700 123456",
    ],
    Kind.PLATE: [
        "машинанын номери 01 123 ABC",
        "номер 02KG456АВС",
        "01 kg 789 adf унаасы",
        "05123abc",
        "B 1234 AB эски номер",
        "мотоцикл В1234А",
        "машина а123вс",
        "Тойота 1234 ОШ айдап",
        "Жигули 5678 ЖА",
    ],
    Kind.ADDRESS: [
        "Ленин көчөсү 12",
        "Арал көчөсүндөгү 7-үйдө",
        "Достук көч., 5",
        "на ул. Токтогула 12",
        "улица Ленина, дом 5а",
        "үй 12",
        "12-үйдүн жанында",
        "дом № 7",
        "кв. 45",
        "мкр. Восток, 5",
        "На Ленина, 12 нет света",
        "по Советской 3а",
        "Ленин көчөсү, 12",
    ],
    Kind.PAPER: [
        "Паспорт AN1234567",
        "паспорту ID 1234567 экен",
        "АН1234567 деген",
        "ИНН 21503198800123",
        "ПИН: 1 150319 880012 3",
    ],
    Kind.EMAIL: ["aida@example.org дарегине", "a.b-c@mail.example.kg"],
    Kind.NAME: [
        "Бакыт уулу Эрмек",
        "Асан кызына айтылды",
        "Сыдыков Бакыт Асанович",
        "к Айгуль Ивановне",
        "с Гульнарой Асановной",
        "Токтосунова Асел айтты",
        "Айгүл Садыковнанын үйү",
    ],
}


NAMED = {
    "Айгуль Токтосунова жаловалась": "Айгуль Токтосунова",
    "Токтосунова Айгуль жаловалась": "Токтосунова Айгуль",
    "Это сделал Асанов Б. К. вчера": "Асанов Б. К.",
    "Виноват Б. Асанов": "Б. Асанов",
    "Жаловался сосед Бакыт Асанов": "Бакыт Асанов",
    "Анан Бакыт Асан келди": "Бакыт Асан",
    "Кечээ Айнура Маматовага айтылды": "Айнура Маматовага",
    "Бакыт байке айтты": "Бакыт байке",
    "Маматова Айгүл эжеге барышты": "Маматова Айгүл эжеге",
    "Живёт тётя Гуля": "тётя Гуля",
    "Просили директора школы №3 Ивановой": "Ивановой",
    "Сказано директору школы Иванову": "Иванову",
}


@pytest.mark.parametrize("text", NAMED)
def test_a_name_is_known_by_how_it_is_written(text):
    found = [one.words for one in giveaways(text) if one.kind == Kind.NAME]

    assert any(NAMED[text] in words for words in found)


KNOWN = ["Кызыл Арал айылы", "Ак Жол Кеңеши", "Мирмахмудов", "село Каныкова"]


@pytest.mark.parametrize(
    "text",
    [
        "Биз Кызыл Аралда чырак койдук.",
        "Келген Ак Жолдун мүчөлөрү.",
        "Открыт центр в Мирмахмудов и рядом.",
        "Мост возле Каныковой открыт.",
    ],
)
def test_the_name_of_a_place_or_a_body_names_nobody(text):
    assert giveaways(text, original=text, known=KNOWN) == []


@pytest.mark.parametrize("word", ["Айнура ", "Асанова ", "А. ", "На Ленина, ", "1 "])
def test_a_long_row_of_names_and_digits_is_looked_through_in_no_time(word):
    start = process_time()

    giveaways(word * 400)

    assert process_time() - start < 2


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in TELLS.items() for text in texts]
)
def test_what_gives_a_person_away_is_found(kind, text):
    original = "Токтосунова Асел деген аял айтты" if kind == Kind.NAME else ""

    assert kind in kinds(text, original=original)


INNOCENT = [
    "Мектептин жанындагы чырак үч жумадан бери күйбөйт.",
    "Фонарь возле школы не горит уже три недели.",
    "Айыл өкмөтү 2026-жылдын 27-ноябрында 12 чырак койду.",
    "27.11.2026 12.30 жыйын болду.",
    "На ремонт выделено 12 500 сом и 1 250 000 сомов.",
    "В 2026 г. построили мост, в 2025 г. дорогу.",
    "Коңгуроо үчүн 102, 103, 112.",
    "Основной ущерб нанесён дороге. Верховная улица.",
    "Үй-бүлөлөр менен сүйлөшүлдү. Үйлөрдүн 12си оңдолду.",
    "Дом культуры открыт. Улица освещена, поставлено столбов: 12.",
    "Кеңеш 4821-0937 кайрылуу боюнча чечим кабыл алды.",
    "15–20 адам катышты, 8–10 жаш.",
    "Ысык Көл облусу",
    "Иш Ысык Көл облусунда жүрдү, Кыргыз Республикасынын мыйзамы боюнча.",
    "Мирмахмудов айылындагы көпүрө, село Токтогулова, Айыл Өкмөтү.",
    "В Оше открыт Дом культуры. В Бишкеке 12 школ.",
    "Бул эже жакшы окуткан. Биздин байке келди.",
    "На Арале 12 фонарей. На Пасху, 12 апреля, будет сход.",
    "Снова темно. Готово: новый фонарь. Основа положена.",
    "Закон 2025 КР принят. Выделено 5000 СОМ.",
    "Жыйын «Ак Шоола» залында болду.",
    "Айылда жаз келгенде сел жүрдү; Кеңеш чечти.",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_tells_of_nobody_is_left_alone(text):
    assert giveaways(text, original=ORIGINAL, identity=IDENTITY) == []


@pytest.mark.parametrize("text", ["Айда айтты", "АЙДАНЫН үйү", "у Сыдыковой", "айдага"])
def test_a_word_by_which_she_named_herself_is_found_with_its_endings(text):
    assert Kind.PERSON in kinds(text, identity=IDENTITY)


@pytest.mark.parametrize("text", ["а", "и с Ас", "Айд", "Сыд"])
def test_a_short_word_is_no_beginning_of_her_name(text):
    assert Kind.PERSON not in kinds(text, identity=["Асанова Айда Сыдыкова"])


def test_a_short_name_of_hers_is_found_as_it_stands():
    assert Kind.PERSON in kinds("у Али дома", identity=["Али"])


def test_a_name_that_stands_in_the_original_is_found_with_its_endings():
    found = giveaways("Асел Токтосунованын айтканы", original=ORIGINAL)

    assert [(one.kind, one.words) for one in found] == [
        (Kind.NAME, "Асел Токтосунованын")
    ]


def test_eight_of_her_words_in_a_row_are_her_sentence():
    text = "Мектептин жанындагы чырак күйбөйт деп үч жумадан бери айтылып жүрөт."

    found = giveaways(text, original=ORIGINAL)

    assert [one.kind for one in found] == [Kind.COPIED]
    assert found[0].words.startswith("Мектептин жанындагы чырак")


def test_seven_of_her_words_in_a_row_are_anybodys():
    text = "жанындагы чырак күйбөйт деп үч жумадан бери жазылды"

    assert giveaways(text, original=ORIGINAL) == []


def test_each_is_named_once():
    assert len(giveaways("0555 123 456, 0555 123 456")) == 1


def test_nothing_is_found_in_nothing():
    assert giveaways("", original="", identity=["", "  "]) == []
