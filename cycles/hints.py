"""A moment is what the customer does. A name that is a department gets a gentle hint, never a refusal."""

import unicodedata

# "Departamento de cobros": the name begins with it.
LEADING = (
    "departamento",
    "depto",
    "dpto",
    "area de",
    "seccion de",
    "gerencia",
    "direccion de",
    "direccion general",
    "oficina de",
    "unidad de",
    "division de",
    "coordinacion",
    "jefatura",
    "subdireccion",
    "equipo de",
    "department",
    "dept",
    "office of",
    "division of",
)
# "Billing department": the name ends with it.
TRAILING = ("department", "dept", "division", "team", "unit", "desk", "back office")
# "Contabilidad": the name is nothing else.
WHOLE = frozenset(
    name.strip()
    for name in """
    administracion|almacen|atencion a clientes|atencion al cliente|bodega|cajas|calidad|call center
    centro de atencion|cobranza|cobranzas|cobros|comercial|compras|contabilidad|credito y cobranza
    devoluciones|facturacion|finanzas|informatica|legal|logistica|mantenimiento|marketing|mercadotecnia
    mesa de ayuda|operaciones|posventa|postventa|recepcion|reclamaciones|recursos humanos
    servicio al cliente|servicio tecnico|sistemas|soporte|soporte tecnico|taller|tesoreria|ventas
    accounting|accounts|accounts receivable|administration|after-sales|billing|call centre|claims|collections
    complaints|contact center|contact centre|customer care|customer service|facilities|finance|front desk
    help desk|hr|human resources|it|legal|logistics|maintenance|operations|procurement|purchasing|quality
    reception|returns|sales|shipping|support|technical support|warehouse
    """.replace("\n", "|").split("|")
    if name.strip()
)


def folded(text: str) -> str:
    """Lower case, without accents, single spaces."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(char for char in letters if unicodedata.category(char) != "Mn").split())


def names_department(name: str) -> bool:
    """Whether a name of a moment says where in the company, instead of what the customer does."""
    words = folded(name).strip(" .")
    if words in WHOLE:
        return True
    spaced = f" {words} "
    return spaced.startswith(tuple(f" {lead} " for lead in LEADING)) or (
        spaced.endswith(tuple(f" {trail} " for trail in TRAILING)) and len(words.split()) <= 3
    )
