"""What customers read in Spanish, as (tú, usted) where the two differ: see surveys/wording.py."""

# One text, or a pair: (tú, usted). `.one` and `.other` are chosen by number.
Text = str | tuple[str, str]

ES: dict[str, Text] = {
    # The page.
    "title": ("¿Cómo te fue en {brand}?", "¿Cómo le fue en {brand}?"),
    "questions.one": "{n} pregunta",
    "questions.other": "{n} preguntas",
    "minutes.one": "alrededor de un minuto",
    "minutes.other": "unos {n} minutos",
    "effort": "{questions}, {minutes}",
    "skip": ("Sáltate lo que no viviste.", "Sáltese lo que no vivió."),
    "together": (
        "Tus respuestas se leen junto a las de los demás",
        "Sus respuestas se leen junto a las de los demás",
    ),
    "nameless": (
        "En los resultados no aparece tu nombre; {brand} sí puede saber qué respondiste.",
        "En los resultados no aparece su nombre; {brand} sí puede saber qué respondió.",
    ),
    "start": "Empezar",
    "progress": "{n} de {total}",
    "stage": "Etapa: {stage}",
    "went": ("¿Pasaste por esto?", "¿Pasó por esto?"),
    "yes": "Sí",
    "no": "No",
    "importance": ("¿Cuánto te importa que salga bien?", "¿Cuánto le importa que salga bien?"),
    "satisfaction": ("¿Cómo te fue?", "¿Cómo le fue?"),
    "importance_words": "nada|poco|algo|bastante|muchísimo",
    "satisfaction_words": "muy mal|mal|regular|bien|muy bien",
    "overall_heading": "En conjunto",
    "overall": ("¿Cómo te fue en {brand}, en conjunto?", "¿Cómo le fue en {brand}, en conjunto?"),
    "nps_heading": "Recomendación",
    "nps": (
        "¿Recomendarías {brand} a alguien cercano?",
        "¿Recomendaría {brand} a alguien cercano?",
    ),
    "nps_words": "de ningún modo|con toda seguridad",
    "comment_heading": ("Con tus palabras", "Con sus palabras"),
    "comment": "¿Algo que debamos saber?",
    "optional": ("(si quieres)", "(si quiere)"),
    "send": "Enviar mis respuestas",
    "until": (
        "El enlace es solo para ti y vale hasta el {date}.",
        "El enlace es solo para usted y vale hasta el {date}.",
    ),
    "yours": ("El enlace es solo para ti.", "El enlace es solo para usted."),
    "no_more": "No quiero recibir más encuestas",
    "preview": "Vista previa. Aquí no se guarda nada.",
    # What is missing or wrong.
    "missing.one": "Falta una respuesta.",
    "missing.other": "Faltan {n} respuestas.",
    "go_to": "Ir a «{question}»",
    "leave_blank": (
        "Puedes completar lo que falta, o enviar otra vez para dejarlo en blanco.",
        "Puede completar lo que falta, o enviar otra vez para dejarlo en blanco.",
    ),
    "choose": ("Elige un número del {low} al {high}", "Elija un número del {low} al {high}"),
    "choose_went": ("Elige sí o no", "Elija sí o no"),
    "nothing": ("Contesta al menos una pregunta.", "Conteste al menos una pregunta."),
    "too_long": "Caben {limit} caracteres; hay {n}.",
    "open_too_long": (
        "La página llevaba mucho tiempo abierta. Tus respuestas siguen aquí: envíalas otra vez.",
        "La página llevaba mucho tiempo abierta. Sus respuestas siguen aquí: envíelas otra vez.",
    ),
    # Afterwards.
    "thanks": "Gracias, recibido",
    "with_others": (
        "Tus respuestas ya están con las de las demás personas.",
        "Sus respuestas ya están con las de las demás personas.",
    ),
    "talk": ("¿Prefieres hablarlo?", "¿Prefiere hablarlo?"),
    "talk_how": ("Si algo salió mal, escribe a", "Si algo salió mal, escriba a"),
    "close_page": ("Ya puedes cerrar esta página.", "Ya puede cerrar esta página."),
    # Links that do not lead to the questions.
    "wrong_title": "Este enlace no lleva a ninguna encuesta",
    "wrong": (
        "Quizá se cortó al copiarlo. Ábrelo otra vez desde el correo.",
        "Quizá se cortó al copiarlo. Ábralo otra vez desde el correo.",
    ),
    "revoked_title": "Este enlace ya no vale",
    "revoked": "Quien lo envió lo retiró.",
    "closed_title": "La encuesta ya cerró",
    "closed": "Gracias por querer contarlo. Ya no recibe respuestas.",
    "expired_title": "El plazo terminó el {date}",
    "early_title": "La encuesta todavía no abre",
    "early": ("Vuelve a abrir este enlace más tarde.", "Vuelva a abrir este enlace más tarde."),
    "answered_title": ("Ya respondiste el {date}", "Ya respondió el {date}"),
    "answered": (
        "Tus respuestas están guardadas. Cada enlace sirve para una sola vez.",
        "Sus respuestas están guardadas. Cada enlace sirve para una sola vez.",
    ),
    "elsewhere_title": "No sabemos de dónde vienen estas respuestas",
    "elsewhere": (
        "No se guardó nada. Abre el enlace de tu correo y contesta desde ahí.",
        "No se guardó nada. Abra el enlace de su correo y conteste desde ahí.",
    ),
    "write_to": ("Si necesitas algo, escribe a", "Si necesita algo, escriba a"),
    # No more mail.
    "unsubscribe_title": (
        "¿No quieres recibir más encuestas de {brand}?",
        "¿No quiere recibir más encuestas de {brand}?",
    ),
    "unsubscribe": (
        "No te escribiremos más para pedir tu opinión. Lo que ya respondiste se conserva.",
        "No le escribiremos más para pedir su opinión. Lo que ya respondió se conserva.",
    ),
    "unsubscribe_do": "No recibir más encuestas",
    "unsubscribed_title": ("No te escribiremos más", "No le escribiremos más"),
    "unsubscribed": (
        "{brand} no te enviará más encuestas.",
        "{brand} no le enviará más encuestas.",
    ),
    # The mail.
    "mail_subject": ("¿Cómo te fue en {marca}?", "¿Cómo le fue en {marca}?"),
    "mail_body": (
        "Hace poco pasaste por {marca}. Queremos saber qué salió bien y qué no.\n\n"
        "Son {preguntas} y se tarda {minutos}.",
        "Hace poco pasó por {marca}. Queremos saber qué salió bien y qué no.\n\n"
        "Son {preguntas} y se tarda {minutos}.",
    ),
    "mail_hello": "Hola, {name}",
    "mail_hello_nobody": "Hola",
    "mail_button": "Contar cómo me fue",
    "mail_link": ("Si el botón no abre, copia esta dirección:", "Si el botón no abre, copie esta dirección:"),
    "mail_answer_here": "Para responder:",
    "mail_no_more": "No quiero más encuestas",
    # Saved, to go on later.
    "save": "Guardar y seguir después",
    "saved_title": "Guardado",
    "saved": (
        "Abre este mismo enlace cuando quieras, en este o en otro aparato: todo sigue donde lo dejaste.",
        "Abra este mismo enlace cuando quiera, en este o en otro aparato: todo sigue donde lo dejó.",
    ),
    "saved_nameless": (
        "Hasta que envíes, lo guardado está unido a este enlace. Al enviar, esa unión se borra.",
        "Hasta que envíe, lo guardado está unido a este enlace. Al enviar, esa unión se borra.",
    ),
    "go_on": "Seguir ahora",
    "saved_now": "Guardado",
    "welcome_back": (
        "Esto es lo que guardaste. Todavía no se ha enviado.",
        "Esto es lo que guardó. Todavía no se ha enviado.",
    ),
    # The score that was pressed in the mail.
    "from_mail": (
        "En el correo tocaste {n} de {total}: aquí ya está marcado y puedes cambiarlo. "
        "Todavía no está guardado; cuenta cuando envíes tus respuestas.",
        "En el correo tocó {n} de {total}: aquí ya está marcado y puede cambiarlo. "
        "Todavía no está guardado; cuenta cuando envíe sus respuestas.",
    ),
    # Who reads it.
    "anonymous": "Es anónima",
    "anonymous_how": (
        "Tus respuestas se guardan sin tu nombre y sin relación con este enlace. "
        "Solo queda anotado que respondiste.",
        "Sus respuestas se guardan sin su nombre y sin relación con este enlace. "
        "Solo queda anotado que respondió.",
    ),
    "anonymous_thanks": (
        "Tus respuestas ya están con las de las demás personas. Cada enlace sirve una sola vez.",
        "Sus respuestas ya están con las de las demás personas. Cada enlace sirve una sola vez.",
    ),
    "open_how": (
        "Esta página no sabe quién eres ni te pide el nombre.",
        "Esta página no sabe quién es ni le pide el nombre.",
    ),
    # Whatever else is asked.
    "parts": "Y en concreto:",
    # Asked at the end, where the survey does.
    "contact_heading": ("¿Quieres que te contacten?", "¿Quiere que le contacten?"),
    "contact_ask": "Si algo quedó pendiente.",
    "contact_tick": "Sí, quiero que me contacten",
    "contact_how": (
        "{brand} verá tu nombre, tu dirección y estas respuestas, y te escribirá.",
        "{brand} verá su nombre, su dirección y estas respuestas, y le escribirá.",
    ),
    "picks_heading": "Lo que más importa",
    "picks.one": ("Elige lo que más te importa", "Elija lo que más le importa"),
    "picks.other": (
        "Elige hasta {n}: lo que más te importa que salga bien",
        "Elija hasta {n}: lo que más le importa que salga bien",
    ),
    "too_many.one": (
        "Elegiste {m}; deja solo 1.",
        "Eligió {m}; deje solo 1.",
    ),
    "too_many.other": (
        "Elegiste {m}; deja como máximo {n}.",
        "Eligió {m}; deje como máximo {n}.",
    ),
    "effort_heading": "Facilidad",
    "effort_question": (
        "{brand} te lo puso fácil. ¿Estás de acuerdo?",
        "{brand} se lo puso fácil. ¿Está de acuerdo?",
    ),
    "effort_words": "en desacuerdo total|en desacuerdo|más bien no|ni sí ni no|más bien sí|de acuerdo"
    "|de acuerdo por completo",
    "extra_heading": "Una pregunta más",
    "needed": "(necesaria)",
    "required": "Esta respuesta es necesaria",
    "choose_option": ("Elige una de las opciones", "Elija una de las opciones"),
    "write_number": ("Escribe un número", "Escriba un número"),
    "to_mend": "Hay algo que corregir.",
    # On a counter.
    "open_thanks": (
        "Tus respuestas ya están con las de las demás personas.",
        "Sus respuestas ya están con las de las demás personas.",
    ),
    "again": "Responder otra vez",
    "next_person": "Para la siguiente persona",
    "still_there": (
        "¿Sigues ahí? La página vuelve al inicio.",
        "¿Sigue ahí? La página vuelve al inicio.",
    ),
    "still_here": "Sigo aquí",
    "sent_before_title": "Estas respuestas ya se enviaron",
    "sent_before": (
        "Cuenta lo que enviaste la primera vez. Para responder de nuevo, vuelve al inicio.",
        "Cuenta lo que envió la primera vez. Para responder de nuevo, vuelva al inicio.",
    ),
    # Later, and less often.
    "opens_title": "La encuesta abre el {date}",
    "busy_title": "Demasiadas veces seguidas",
    "busy": (
        "Espera un minuto y vuelve a intentarlo. Lo que escribiste sigue en la página anterior.",
        "Espere un minuto y vuelva a intentarlo. Lo que escribió sigue en la página anterior.",
    ),
    "wrong_place": (
        "Escanea otra vez el código, o pide que lo revisen.",
        "Escanee otra vez el código, o pida que lo revisen.",
    ),
    # The sheet for the counter.
    "sheet_scan": ("Apunta aquí la cámara del teléfono", "Apunte aquí la cámara del teléfono"),
    "sheet_effort": "{questions}, {minutes}. Sin instalar nada.",
}
