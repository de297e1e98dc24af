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
        "El departamento de cobros",
        "Depto. de cobros",
        "Dpto. Comercial",
        "DEPARTAMENTO  DE   COBROS",
        "Departamento de Crédito y Cobranza",
        "Ventas y marketing",
        "Contabilidad general",
        "Finanzas / Tesorería",
        "RR. HH.",
        "La caja",
        "Equipo de soporte",
        "Centro de atención telefónica",
        "Dirección general",
        "The billing department",
        "Sales & marketing",
        "Our support team",
        "Billing Dept.",
        "Front office",
        "Head of sales",
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
        "Pago en caja",
        "Recepción del pedido",
        "Dirección de entrega",
        "Me atienden en recepción",
        "Espera y pago",
        "Devuelvo el producto",
        "La caja está cerrada",
        "Call the team",
        "Meet the team",
        "Visit the office",
        "See the bill and pay",
        "Security check",
        "Call customer service",
        "Be sent from one desk to another desk",
        "Areas to relax in",
        "",
        "🛍️",
    ],
)
def test_what_the_customer_does_gets_none(name):
    assert not names_department(name)
