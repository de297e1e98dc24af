"""What the simulated customers write. Each text is used once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Comment:
    moment: int
    glad: bool
    text: str
    language: str = "es"
    # 0 or 1 where it can only belong to the first or the second wave.
    wave: int | None = None


def _stock(
    language: str, glad: bool, by_moment: dict[int, list[str]], wave: int | None = None
) -> list[Comment]:
    return [
        Comment(moment, glad, text, language, wave) for moment, texts in by_moment.items() for text in texts
    ]


COMMENTS = [
    *_stock(
        "es",
        False,
        {
            1: [
                "En Instagram el verde era otro verde.",
                "Lo anunciáis y a los dos días ya no está.",
                "Estaría bien ver el precio sin tener que preguntarlo por privado.",
            ],
            2: [
                "La web decía que quedaba mi talla. Fui desde Getafe y no había ninguna.",
                "No hay forma de saber qué tienda tiene cada vestido.",
                "La guía de tallas no acierta: pido la 40 y me queda como una 38.",
                "Ponía «últimas unidades» y en la tienda no lo habían visto nunca.",
                "Reservé en la web y nadie sabía nada de mi reserva.",
                "El horario de la página no es el de la tienda.",
            ],
            4: [
                "Media hora para aparcar un sábado. Casi me vuelvo a casa.",
                "El aparcamiento me costó más que las medias.",
                "La planta menos dos siempre está cerrada y no lo avisan.",
            ],
            6: [
                "Entré y salí dos veces y nadie levantó la vista.",
                "Nada más entrar ya tenía a alguien detrás preguntando qué busco.",
            ],
            7: [
                "Di tres vueltas hasta encontrarlo y estaba en la pared de novedades.",
                "Las tallas están mezcladas, hay que ir una por una.",
                "El mismo vestido en tres sitios distintos y en ninguno mi talla.",
            ],
            8: [
                "Fueron a buscar la 42 y no volvieron.",
                "Me dijeron que mirara yo en el otro perchero.",
                "No quedaba y nadie se ofreció a pedirlo a otra tienda.",
            ],
            9: [
                "La luz engaña. En casa el vestido era otro color.",
                "El cerrojo no cierra y hay que sujetar la puerta con el pie.",
                "No hay dónde dejar el bolso ni la ropa que llevas puesta.",
                "Solo tres probadores abiertos un sábado por la tarde.",
                "El espejo está tan cerca que no te ves entera.",
                "Quise otra talla y tuve que salir medio vestida a buscarla.",
            ],
            10: [
                "Me dijeron que todo me quedaba bien. Así no ayudan.",
                "Mucha prisa por vender el cinturón.",
            ],
            11: [
                "Veinte minutos de fila para un vestido que ya tenía decidido. Casi lo dejo.",
                "Delante había tres cambios. Deberían ir aparte.",
                "Una caja abierta y cuatro personas doblando ropa.",
                "Se coló una señora y en caja no dijeron nada.",
                "A la hora de comer no vayáis: una sola persona cobrando.",
                "No se sabe si la fila es para pagar o para devolver.",
                "Dejé un jersey por no esperar más.",
                "La fila daba la vuelta a la mesa de los bolsos.",
                "Siempre igual los sábados. Deberíais abrir la segunda caja.",
                "Tardé más en pagar que en elegir.",
                "Nadie te dice cuánto queda. Con un número bastaría.",
                "El niño lloraba y la fila no avanzaba. Una tarde para olvidar.",
            ],
            12: ["El descuento de la etiqueta no saltó y hubo que llamar a la encargada."],
            14: [
                "Dijeron jueves y estuvo el lunes siguiente.",
                "El bajo quedó torcido y tuve que volver.",
                "Fui a recogerlo dos veces porque nadie me avisó.",
            ],
            15: [
                "Sin el tique de papel no quisieron mirar ni el extracto del banco.",
                "Diez días para devolverme el dinero.",
                "Hice la fila entera para cambiar y me mandaron a otra.",
                "Parecía que les estaba pidiendo un favor.",
                "El vestido tenía la etiqueta puesta y aun así me pusieron pegas.",
            ],
            16: [
                "Me escribís para ofrecerme el mismo vestido que acabo de comprar.",
                "Cuatro correos en una semana son demasiados.",
                "No encuentro cómo darme de baja.",
            ],
            17: ["Mandé a mi hermana y no encontró ni la mitad de lo que le conté."],
        },
    ),
    *_stock(
        "es",
        True,
        {
            1: [
                "Lo vi en Instagram por la mañana y a las seis era mío.",
                "Se agradecen las fotos sin retoques.",
            ],
            2: ["Miré la talla en el móvil antes de salir y estaba esperándome."],
            3: [
                "Me contestó Lucía un domingo. Impecable.",
                "Pregunté por WhatsApp y me mandaron una foto del vestido puesto.",
            ],
            5: [
                "El escaparate es precioso, cambia cada semana.",
                "Entré por el vestido azul del escaparate.",
            ],
            6: ["Saludan y te dejan mirar. Así da gusto.", "Se acordaban de mí de la comunión de mi hija."],
            7: ["La ropa por colores ayuda mucho."],
            8: [
                "En un minuto tenía la 38 en la mano.",
                "No quedaba, la pidieron a Gran Vía y llegó al día siguiente.",
            ],
            9: ["El probador grande es comodísimo con el carrito."],
            10: [
                "La chica que me atendió me dijo la verdad: ese no. Y acertó con el otro.",
                "Preguntaron para qué ocasión era y me sacaron tres. Los tres bien.",
                "Iba perdida y salí con vestido, zapatos y una idea clara.",
                "Da gusto que te asesoren sin empujarte a comprar.",
            ],
            12: ["Pagué con el móvil en dos segundos.", "Todo claro y al precio de la etiqueta."],
            13: [
                "Lo envolvieron como un regalo aunque era para mí.",
                "Doblado con papel de seda, llegó sin una arruga.",
                "El detalle de la bolsa de tela es muy bonito.",
            ],
            14: ["El arreglo, perfecto y un día antes.", "Me subieron el bajo en una tarde. Milagro."],
            15: ["Lo cambié en cinco minutos y con una sonrisa."],
            16: ["Un solo correo para saber si me había quedado bien. Así, sí."],
            17: ["Ya han ido mis dos cuñadas.", "La próxima boda, vuelvo con mis amigas."],
        },
    ),
    *_stock(
        "es",
        False,
        {
            3: [
                "Escribí el viernes y me contestaron el martes.",
                "Por WhatsApp te dejan en visto.",
                "Pregunté por una talla y me mandaron el enlace de la web, sin más.",
            ],
            9: [
                "Veinticinco minutos de cola con la ropa en brazos.",
                "La cola del probador se mezcla con la de caja.",
                "Me fui sin probármelo. No se puede esperar tanto.",
                "Nadie controla los probadores y la gente se cuela.",
            ],
            12: ["El datáfono no cogía el móvil. Tuve que ir al cajero."],
        },
        wave=0,
    ),
    *_stock(
        "es",
        True,
        {
            3: [
                "Ahora dicen a qué hora contestan y lo cumplen.",
                "A los diez minutos ya tenía respuesta por WhatsApp.",
            ],
            8: ["El timbre del probador es una idea estupenda."],
            9: [
                "Desde que avisan con un mensaje ya no hago cola con la ropa en la mano.",
                "Me llegó el mensaje y entré directa al probador.",
                "Mucho mejor con turno. Mientras, pude mirar zapatos.",
                "Por fin se puede esperar sentada.",
            ],
            12: ["Ya se puede pagar acercando el reloj en las dos cajas."],
        },
        wave=1,
    ),
    *_stock(
        "es",
        False,
        {
            9: [
                "El mensaje llegó cuando ya me había ido.",
                "Bien lo del turno, pero la luz sigue siendo amarilla.",
            ],
            11: [
                "Ahora el probador va rápido y todo el atasco está en la caja.",
                "Dijeron que abrirían otra caja los sábados. Sigo viendo una.",
            ],
        },
        wave=1,
    ),
    *_stock(
        "en",
        False,
        {
            2: [
                "The website said they had my size. They did not.",
                "I could not tell which shop had it in stock.",
            ],
            4: ["Finding a parking space took longer than buying the dress."],
            7: ["Sizes were all over the place, I had to check every hanger."],
            8: ["She went to look for a 12 and never came back."],
            9: [
                "The light in the fitting room is awful. It looked grey, it is lilac.",
                "The lock was broken, I had to hold the door.",
                "Nowhere to put my bag.",
            ],
            11: [
                "One till open on a Saturday. Really?",
                "Stood behind three returns just to pay.",
                "I nearly left the dress on the counter and walked out.",
                "No idea who was next. People kept pushing in.",
            ],
            15: [
                "They wanted a paper receipt although I had paid by card.",
                "Still waiting for my refund after a week.",
            ],
            16: ["Please stop e-mailing me the dress I already own."],
        },
    ),
    *_stock(
        "en",
        True,
        {
            1: ["Saw it on Instagram, bought it the same day."],
            5: ["Lovely window, that is what made me come in."],
            6: ["A warm hello and then left in peace. Perfect."],
            10: [
                "She told me honestly which one did not suit me. I trust that shop now.",
                "Great advice, in very patient English.",
            ],
            12: ["Quick and easy to pay."],
            13: ["Beautifully wrapped, it felt like a present."],
            14: ["The hem was done in a day and fits perfectly."],
            17: ["I have told all my friends at work."],
        },
    ),
    *_stock("en", True, {9: ["Love the text message when your fitting room is free."]}, wave=1),
    *_stock("en", False, {9: ["Queued for twenty minutes with my arms full of clothes."]}, wave=0),
]
