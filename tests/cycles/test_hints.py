import pytest

from cycles.hints import names_department


@pytest.mark.parametrize(
    "name",
    [
        "Departamento de cobros",
        "Área de crédito",
        "Gerencia general",
        "Contabilidad",
        "RECURSOS  HUMANOS",
        "Atención al cliente.",
        "Billing department",
        "Customer service",
        "Front desk",
        "Department of health",
    ],
)
def test_a_department_gets_a_hint(name):
    assert names_department(name)


@pytest.mark.parametrize(
    "name",
    [
        "Pago la factura",
        "Hacer fila en caja",
        "Llamar al departamento de cobros",
        "Recibir la bienvenida",
        "Pay the bill",
        "Call customer service",
        "Be sent from one desk to another desk",
        "Areas to relax in",
        "",
        "🛍️",
    ],
)
def test_what_the_customer_does_gets_none(name):
    assert not names_department(name)
