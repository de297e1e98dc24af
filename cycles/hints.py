"""A moment is what the customer does. A name that is a department gets a gentle hint, never a refusal."""

import re

from cyclemap.text import bare_letters

# "Departamento de cobros": the name begins with it. ("Dirección de entrega" is where a parcel goes.)
LEADING = (
    "departamento", "departamentos", "depto", "dpto", "dept", "department", "area de", "area comercial",
    "area medica", "area tecnica", "seccion de", "gerencia", "subgerencia", "vicepresidencia",
    "direccion de operaciones", "direccion de ventas", "direccion de finanzas", "direccion comercial",
    "direccion financiera", "direccion general", "direccion medica", "subdireccion", "oficina de",
    "unidad de",
    "division de", "coordinacion", "jefatura", "equipo de", "personal de", "secretaria de", "mesa de control",
    "centro de atencion", "centro de contacto", "centro de llamadas", "office of", "division of", "head of",
    "management of",
)  # fmt: skip
# "Billing department": the name ends with it.
TRAILING = (
    "department", "departments", "dept", "division", "team", "unit", "desk", "office", "back office", "staff",
    "management",
)  # fmt: skip
DOING = frozenset(
    [
        "ask",
        "be",
        "call",
        "choose",
        "contact",
        "email",
        "find",
        "get",
        "go",
        "greet",
        "hear",
        "leave",
        "meet",
        "message",
        "pass",
        "phone",
        "reach",
        "receive",
        "see",
        "speak",
        "talk",
        "tell",
        "thank",
        "visit",
        "wait",
        "walk",
        "write",
    ]
)
ARTICLES = ("el ", "la ", "los ", "las ", "nuestro ", "nuestra ", "the ", "our ")
# "Contabilidad general": said of a department, it is one still.
SORTS = frozenset(
    [
        "general",
        "central",
        "corporativo",
        "corporativa",
        "regional",
        "nacional",
        "interno",
        "interna",
        "externo",
        "externa",
        "corporate",
    ]
)
AND = re.compile(r"\s*(?:,|/|&|\+| y | e | and )\s*")
# "Contabilidad": the name is nothing else.
WHOLE = frozenset(
    name.strip()
    for name in """
    admisiones|admision|caja|credito|creditos|housekeeping|i d|nomina|nominas|rrhh|rr hh|sac|seguridad|ti|tic
    urgencias|farmacia|laboratorio|lavanderia|cocina|archivo|consejeria|conserjeria|despacho|distribucion
    administracion|almacen|atencion a clientes|atencion al cliente|bodega|cajas|calidad|call center
    centro de atencion|cobranza|cobranzas|cobros|comercial|compras|contabilidad|credito y cobranza
    devoluciones|facturacion|finanzas|informatica|legal|logistica|mantenimiento|marketing|mercadotecnia
    mesa de ayuda|operaciones|posventa|postventa|recepcion|reclamaciones|recursos humanos
    servicio al cliente|servicio tecnico|sistemas|soporte|soporte tecnico|taller|tesoreria|ventas
    admissions|credit control|dispatch|emergency room|kitchen|laundry|payroll|pharmacy|r d|security
    accounting|accounts|accounts receivable|administration|after-sales|billing|call centre|claims|collections
    complaints|contact center|contact centre|customer care|customer service|facilities|finance|front desk
    help desk|hr|human resources|it|legal|logistics|maintenance|operations|procurement|purchasing|quality
    reception|returns|sales|shipping|support|technical support|warehouse
    """.replace("\n", "|").split("|")
    if name.strip()
)


def folded(text: str) -> str:
    """Lower case, without accents, single spaces."""
    return " ".join(bare_letters(text).split())


def names_department(name: str) -> bool:
    """Whether a name of a moment says where in the company, instead of what the customer does."""
    words = " ".join(re.sub(r"[.:;()\"“”«»]+", " ", folded(name)).split())
    words = next((words.removeprefix(article) for article in ARTICLES if words.startswith(article)), words)
    if words in WHOLE:
        return True
    parts = [part for part in AND.split(words) if part]  # "Ventas y marketing"
    return (bool(parts) and all(is_whole(part) for part in parts)) or (
        f"{words} ".startswith(tuple(f"{lead} " for lead in LEADING))
        or (f" {words}".endswith(tuple(f" {trail}" for trail in TRAILING)) and is_short(words))
    )


def is_whole(words: str) -> bool:
    first, _space, last = words.rpartition(" ")
    return words in WHOLE or (last in SORTS and first in WHOLE)


def is_short(words: str) -> bool:
    """Three words at the most, none of which begins as what somebody does: "Call the support team"."""
    return len(words.split()) <= 3 and words.split()[0] not in DOING
